"""An officer who accepts a report stands for each explanation of a grave finding, by name."""

import datetime

import pytest

from sachhon.apps.people.models import AuditEntry
from sachhon.apps.reporting.pages import address
from sachhon.apps.reporting.services import plausibility, workflow
from sachhon.apps.reporting.services.confirming import NotConfirmed

from .conftest import NOW

NONSENSE = "một hai ba bốn năm sáu"  # six different words, which no rule can tell from a reason
BETTER = "Lắp thêm lò điện theo hợp đồng số 7 ngày 02/02"


@pytest.fixture
def report(works):
    """A sent report with two grave findings, each explained by the factory."""
    works.year(2025)
    report = works.sent(electricity="5400000", coal="130")
    for finding in report.findings.filter(level="error", state="open"):
        plausibility.explain(works.factory, finding, NONSENSE, now=NOW)
    return report


def explained(report):
    return list(report.findings.filter(state="explained").order_by("pk"))


def test_what_the_factory_explained_is_confirmed_one_by_one_and_the_history_says_by_whom(works, report):
    one, other = explained(report)
    for some in ((), [one.mark], [other.mark], ["1|x"]):
        with pytest.raises(NotConfirmed):
            workflow.accept(works.centre, report, now=NOW, confirmed=some)
    report.refresh_from_db()
    assert report.state == "submitted"
    assert not AuditEntry.objects.filter(verb="finding.confirm").exists()
    workflow.accept(works.centre, report, now=NOW, confirmed=[one.mark, other.mark])
    entries = AuditEntry.objects.filter(verb="finding.confirm").order_by("pk")
    assert [entry.actor for entry in entries] == [works.centre] * 2
    assert {entry.after["explanation"] for entry in entries} == {NONSENSE}
    assert {entry.after["line"] for entry in entries} == {"Điện lưới", one.line.label, other.line.label} - {
        ""
    }
    assert {entry.after["explained_by"] for entry in entries} == {works.factory.display_name()}


def test_an_explanation_written_anew_meanwhile_is_read_anew(works, report):
    seen = [finding.mark for finding in explained(report)]
    plausibility.explain(works.factory, explained(report)[0], BETTER, now=NOW + datetime.timedelta(minutes=1))
    with pytest.raises(NotConfirmed) as refused:
        workflow.accept(works.centre, report, now=NOW, confirmed=seen)
    assert [finding.explanation for finding in refused.value.findings] == [BETTER]


def test_many_reports_at_once_are_not_accepted_over_unread_explanations(works, report):
    (result,) = workflow.many(works.centre, "accept", [report], now=NOW)
    assert not result.ok
    assert "xác nhận từng lời giải thích (2)" in result.message


def test_what_the_officer_explained_needs_no_second_word_but_stands_in_the_history(works):
    works.year(2025)
    report = works.sent(electricity="5400000")
    (finding,) = report.findings.filter(level="error")
    plausibility.explain(works.centre, finding, BETTER, now=NOW)
    workflow.accept(works.centre, report, now=NOW)
    entry = AuditEntry.objects.get(verb="finding.confirm")
    assert (entry.actor, entry.after["explanation"]) == (works.centre, BETTER)


def test_another_officer_confirms_what_a_colleague_explained(works, cast):
    works.year(2025)
    report = works.sent(electricity="5400000")
    (finding,) = report.findings.filter(level="error")
    plausibility.explain(works.centre, finding, BETTER, now=NOW)
    with pytest.raises(NotConfirmed):
        workflow.accept(cast.user("department"), report, now=NOW)


def test_the_review_page_asks_beside_each_finding_and_takes_the_ticks(works, report, client):
    client.force_login(works.centre)
    page = address(report, "review")
    html = client.get(page).content.decode()
    for finding in explained(report):
        entry = html.split(f'value="{finding.mark}"', 1)[0].rsplit("<li ", 1)[1]
        assert NONSENSE in entry  # in the same item of the list
    assert html.count('name="confirmed"') == 2
    client.post(page, {"do": "accept", "confirmed": [explained(report)[0].mark]})
    report.refresh_from_db()
    assert report.state == "submitted"
    client.post(page, {"do": "accept", "confirmed": [finding.mark for finding in explained(report)]})
    report.refresh_from_db()
    assert report.state == "accepted"
    client.force_login(works.factory)
    assert 'name="confirmed"' not in client.get(address(report, "report")).content.decode()
