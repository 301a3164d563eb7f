"""The first look at the options on one page: stored together, one that somebody else judged does not hold the rest."""

from django.urls import reverse
from tests.apps.assessment.flow_making import opened
from tests.apps.assessment.test_choosing import add

from sachhon.apps.assessment.models import Option, Screening
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.options import change_option
from sachhon.apps.assessment.services.screening import Wish, screen


def three(cast):
    assessment = opened(cast)
    return assessment, [add(cast, assessment, name, 1_000, 10) for name in ("Mái che", "Biến tần", "Bảo ôn")]


def wish(option, screening, reason="", version=None):
    return Wish(option, option.version if version is None else version, screening, reason)


def test_all_are_stored_and_what_did_not_change_is_left_alone(cast):
    _assessment, (roof, drive, lagging) = three(cast)
    wrong = screen(
        cast.user("expert"),
        [wish(roof, Screening.DO_NOW, "Rẻ"), wish(drive, Screening.STUDY), wish(lagging, Screening.OPEN)],
    )
    assert wrong == {}
    assert [o.screening for o in Option.objects.order_by("number")] == ["do_now", "study", "open"]
    assert Option.objects.get(pk=lagging.pk).version == lagging.version


def test_one_that_collides_or_lacks_its_reason_does_not_keep_the_rest(cast):
    _assessment, (roof, drive, lagging) = three(cast)
    change_option(cast.user("centre"), roof, {"screening": Screening.STUDY}, roof.version)
    wrong = screen(
        cast.user("expert"),
        [
            wish(roof, Screening.DO_NOW),
            wish(drive, Screening.DROP),
            wish(lagging, Screening.DO_NOW, "Bảo ôn ngay"),
        ],
    )
    assert set(wrong) == {roof.number, drive.number}
    assert isinstance(wrong[roof.number], Collision)
    assert [o.screening for o in Option.objects.order_by("number")] == ["study", "open", "do_now"]


def test_the_page_names_what_the_other_wrote_and_a_second_save_keeps_ones_own(cast, client):
    assessment, (roof, *_rest) = three(cast)
    client.force_login(cast.user("expert"))
    url = reverse("assessment:screening", args=[assessment.pk])
    page = client.get(url)
    sent = {name: field.value() for _o, _n, form in page.context["rows"] for name, field in _named(form)}
    change_option(cast.user("centre"), roof, {"screening": Screening.STUDY}, roof.version)
    sent[f"o{roof.number}-screening"] = Screening.DO_NOW
    again = client.post(url, sent)
    assert cast.user("centre").display_name() in again.text
    assert "Nghiên cứu thêm" in again.text
    assert Option.objects.get(pk=roof.pk).screening == Screening.STUDY
    sent = {name: field.value() for _o, _n, form in again.context["rows"] for name, field in _named(form)}
    assert client.post(url, sent).status_code == 302
    assert Option.objects.get(pk=roof.pk).screening == Screening.DO_NOW


def test_an_option_taken_up_while_the_page_was_open_is_left_as_it_is(cast, client):
    assessment, (roof, *_rest) = three(cast)
    client.force_login(cast.user("expert"))
    url = reverse("assessment:screening", args=[assessment.pk])
    sent = {name: f.value() for _o, _n, form in client.get(url).context["rows"] for name, f in _named(form)}
    late = add(cast, assessment, "Đèn LED", 500, 5)
    sent[f"o{roof.number}-screening"] = Screening.DO_NOW
    assert client.post(url, sent).status_code == 302
    assert Option.objects.get(pk=late.pk).screening == Screening.OPEN
    assert Option.objects.get(pk=roof.pk).screening == Screening.DO_NOW


def _named(form):
    return [(field.html_name, field) for field in form]
