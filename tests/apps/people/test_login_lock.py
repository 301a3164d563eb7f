"""Wrong passwords lock one name at one address, and nobody else there."""

import pytest
from django.core.cache import cache
from django.urls import reverse

RIGHT = "Mot-mat-khau-dai"


@pytest.fixture
def people(cast, settings):
    """Accounts with a password, as they sit in one office."""
    settings.AXES_ENABLED = True
    cache.clear()
    found = {role: cast.user(role) for role in ("ministry", "leader", "inspector", "department")}
    for user in found.values():
        user.set_password(RIGHT)
        user.email = f"{user.username}@vidu.example"
        user.save()
    yield found
    cache.clear()  # the failures counted here are of no other test


def log_in(client, login, password=RIGHT):
    return client.post(reverse("account_login"), {"login": login, "password": password})


@pytest.mark.parametrize("by", ["username", "email"])
def test_a_name_is_locked_after_eight_wrong_passwords_and_the_page_says_how_long(people, client, by):
    name = getattr(people["ministry"], by)
    for _n in range(7):
        assert log_in(client, name, "sai").status_code == 200
    locked = log_in(client, name, "sai")
    assert locked.status_code == 429
    assert "30 phút" in locked.content.decode()
    assert log_in(client, name).status_code == 429  # the right one too, until then


def test_seven_wrong_passwords_do_not_lock(people, client):
    for _n in range(7):
        log_in(client, people["ministry"].username, "sai")
    assert log_in(client, people["ministry"].username).status_code == 302


def test_others_of_the_same_office_log_in_while_one_name_is_locked(people, client):
    for _n in range(12):
        log_in(client, people["ministry"].username, "sai")
    for role in ("leader", "inspector", "department"):
        client.logout()
        assert log_in(client, people[role].username).status_code == 302


def test_trying_many_names_from_one_address_is_slowed_down_and_says_how_long(people, client):
    for n in range(60):
        log_in(client, f"ten{n}", "sai")
    answer = log_in(client, people["leader"].username)
    assert answer.status_code == 200
    assert "một phút" in answer.content.decode()
