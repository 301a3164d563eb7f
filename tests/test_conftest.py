"""Which tests run again on PostgreSQL: each is asked once."""

from tests.conftest import split_by_database


class Item:
    """A collected test, as far as the choice looks at it."""

    def __init__(self, name, *fixtures, marked=False):
        self.name, self.fixturenames, self.marked, self.asked = name, fixtures, marked, 0

    def get_closest_marker(self, name):
        self.asked += 1
        return object() if self.marked and name == "django_db" else None


def test_a_test_is_kept_by_its_mark_or_its_fixtures_and_asked_once():
    items = [
        Item("plain"),
        Item("marked", marked=True),
        Item("served", "live_server", "page"),
        Item("pure", "tmp_path"),
    ]
    kept, left_out = split_by_database(items)
    assert [item.name for item in kept] == ["marked", "served"]
    assert [item.name for item in left_out] == ["plain", "pure"]
    assert [item.asked for item in items] == [1, 1, 1, 1]
