"""What solutions are said to save and cost is bounded by what the factory uses, spends and has."""

import pytest

from sachhon.apps.registry.closed_costs import ClosedCosts
from sachhon.apps.reporting.facts import ProvinceFacts
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.queries import finding_text
from sachhon.apps.reporting.services import plausibility, workflow
from sachhon.apps.reporting.services.workflow import NotExplained

from .conftest import NOW


def claiming(works, saved="500", unit="kWh", resource="electricity", **more):
    """A sent report with one solution; electricity 5,400 kWh a month, revenue 9 billion."""
    report = works.draft(cost=5400 * 12 * 2000)
    solution = {
        "name": "Bọc bảo ôn",
        "group": "equipment_modification",
        "done_on": "2026-03-01",
        "savings": [{"resource": resource, "quantity": saved, "unit": unit}] if saved else [],
    }
    works.save(report, "solutions", {"new1": {**solution, **more}})
    workflow.submit(works.factory, report, now=NOW)
    report.refresh_from_db()
    return report


def found(report):
    return {finding.rule: finding for finding in report.findings.all()}


def test_a_claim_within_use_and_money_raises_no_doubt(works):
    report = claiming(works, "6000", saving_vnd_per_year=12_000_000, investment_vnd=300_000_000)
    assert found(report) == {}


def test_more_saved_than_was_ever_used_is_held(works):
    works.year(2025)
    report = claiming(works, "900000", unit="MWh")
    (doubt,) = report.findings.all()
    assert (doubt.rule, doubt.level, doubt.line.label) == ("saving_over_whole", "error", "Điện lưới")
    assert (doubt.params["observed"], doubt.params["high"]) == (900_000_000, 72_000)
    assert "nhiều hơn cả lượng cơ sở dùng trong một năm" in finding_text(doubt, "vi", ClosedCosts())[0]
    with pytest.raises(NotExplained):
        workflow.accept(works.centre, report, now=NOW)


def test_a_saving_of_what_the_factory_never_used_is_held(works):
    doubt = found(claiming(works, "10", unit="t", resource="firewood"))["saving_over_whole"]
    assert (doubt.level, doubt.params["high"], doubt.params["item"]) == ("error", 0, "Củi, gỗ đốt")


def test_what_an_earlier_year_used_may_be_saved_though_nothing_is_used_any_more(works):
    works.year(2025, electricity="6000", coal="60")
    report = claiming(works, "300", unit="t", resource="coal_cam_5_6")
    assert "saving_over_whole" not in found(report)


def test_more_than_half_of_what_is_used_is_worth_a_look(works):
    doubt = found(claiming(works, "40000"))["saving_large_share"]
    assert doubt.level == "warning"


def test_money_saved_is_bounded_by_what_is_spent_and_earned(works):
    doubt = found(claiming(works, None, saving_vnd_per_year=1_800_000_000_000))["saving_over_whole_vnd"]
    assert (doubt.level, doubt.params["high"]) == ("error", 9e9)
    plausibility.explain(
        works.factory, doubt, "Tiền bán phụ phẩm theo hợp đồng số 12 ngày 01/3/2026", now=NOW
    )


@pytest.mark.parametrize(("invested", "level"), [(12_000_000_000, "warning"), (5_000_000_000_000, "error")])
def test_an_investment_is_held_against_the_means_of_the_factory(works, invested, level):
    assert found(claiming(works, None, investment_vnd=invested))["investment_over_means"].level == level


def test_a_held_claim_is_in_no_sum_of_the_province_and_an_explained_one_is(works):
    report = claiming(works, "900000", unit="MWh", saving_vnd_per_year=5_000_000, investment_vnd=7_000_000)

    def told():
        facts = ProvinceFacts("20", 2026, NOW.date())
        (one,) = facts._solutions()
        (row,) = facts._solution_rows(lambda: [one])
        return one.savings, row[5], row[6]

    assert told() == ((), None, None)
    for doubt in report.findings.filter(level="error"):
        plausibility.explain(works.factory, doubt, "Số đúng, xem biên bản số 5 kèm theo hồ sơ", now=NOW)
    assert told()[1:] == (7_000_000, 5_000_000)
    assert told()[0][0]["quantity"] == "900000"


def test_saying_that_nothing_is_applied_beside_solutions_carried_out_is_told(works):
    report = claiming(works)
    assert "applying_denied" not in found(report)
    workflow.return_with_remarks(works.centre, report, "Xem lại phần SXSH", now=NOW)
    works.save(report, "cp", {"cp_applying": "no"})
    report.refresh_from_db()
    plausibility.run(report)
    doubt = found(report)["applying_denied"]
    assert (doubt.level, doubt.params["observed"]) == ("warning", 1)


def test_solutions_of_an_earlier_report_contradict_it_too(works):
    works.year(2025)
    AnnualReport.objects.create(facility=works.brick, year=2025, state="accepted").solutions.create(
        name="Đèn LED", group="equipment_modification"
    )
    report = works.draft()
    works.save(report, "cp", {"cp_applying": "no"})
    report.refresh_from_db()
    report.solutions.all().delete()
    plausibility.run(report)
    assert found(report)["applying_denied"].params["observed"] == 1
    words = finding_text(found(report)["applying_denied"], "en", ClosedCosts())[0]
    assert "1 CP solutions carried out" in words
