"""Doubts about figures: found, explained in words, corrected with one click, kept through a re-run."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from sachhon.apps.people.models import Organisation
from sachhon.apps.registry.closed_costs import ClosedCosts
from sachhon.apps.registry.models import Facility, Product, Record
from sachhon.apps.registry.services.typing import type_record
from sachhon.apps.reporting.models import Finding
from sachhon.apps.reporting.pages import address
from sachhon.apps.reporting.queries import finding_text
from sachhon.apps.reporting.services import drafting, plausibility, workflow
from sachhon.apps.reporting.services.errors import NotEditable, ReportError
from sachhon.apps.reporting.services.workflow import NotExplained

from .conftest import NOW


def rules(report):
    """rule → finding of the report."""
    return {finding.rule: finding for finding in report.findings.all()}


def test_a_believable_report_raises_no_doubt(works):
    works.year(2025)
    assert rules(works.sent(electricity="5400")) == {}


def test_kwh_written_as_wh_is_a_slip_by_1000_with_the_factor_to_correct_it(works):
    works.year(2025)
    report = works.sent(electricity="5400000")
    finding = rules(report)["history_unit_slip"]
    assert finding.level == "error"
    assert finding.params["factor"] == pytest.approx(0.001)
    assert finding.line == works.line(report, "electricity")
    message, cure = finding_text(finding, "vi", ClosedCosts())
    assert "Điện lưới" in message
    assert "54.000 kWh/nghìn viên" in message
    assert "0,001" in cure
    assert "0.001" in finding_text(finding, "en", ClosedCosts())[1]


def test_one_click_corrects_the_slip_with_history_and_records_and_savings_follow(works):
    works.year(2025)
    report = works.sent(electricity="5400000")
    finding = rules(report)["history_unit_slip"]
    plausibility.apply_suggestion(works.centre, finding, now=NOW)
    line = works.line(report, "electricity")
    assert line.months == ["5400"] * 12
    assert line.total == 64_800
    finding.refresh_from_db()
    assert finding.state == "corrected"
    assert report.findings.count() == 1
    change = report.changes.first()
    assert (change.section, change.by) == ("inputs", works.centre)
    january = Record.objects.get(facility=works.brick, year=2026, month=1, resource=works.electricity)
    assert january.quantity == 5400
    assert report.resource_savings.get(resource=works.electricity).relative_pct == 10


def test_a_slip_in_one_month_is_told_by_month_and_corrected_there_alone(works):
    works.year(2025)
    report = works.draft()
    line = works.line(report, "electricity")
    works.save(report, "inputs", {str(line.pk): {"months": ["5400"] * 5 + ["54000"] + ["5400"] * 6}})
    plausibility.run(report)
    finding = rules(report)["month_unit_slip"]
    assert (finding.params["month"], finding.params["factor"]) == (6, pytest.approx(0.1))
    plausibility.apply_suggestion(works.factory, finding, now=NOW)
    assert works.line(report, "electricity").months == ["5400"] * 12


def test_one_slipped_month_casts_no_doubt_on_the_year_and_its_bill(works):
    works.year(2025)
    report = works.draft(cost=12 * 5400 * 2000)
    line = works.line(report, "electricity")
    months = ["5400"] * 4 + ["5400000"] + ["5400"] * 7
    works.save(report, "inputs", {str(line.pk): {"months": months}})
    plausibility.run(report)
    assert set(rules(report)) == {"month_unit_slip"}
    plausibility.apply_suggestion(works.factory, rules(report)["month_unit_slip"], now=NOW)
    assert not report.findings.filter(state="open").exists()


def test_the_price_shows_a_cost_written_in_thousand_dong(works):
    report = works.sent(cost=129_600)  # 2 đồng a kWh
    finding = rules(report)["price_unit_slip"]
    assert finding.params["what"] == "cost"
    plausibility.apply_suggestion(works.centre, finding, now=NOW)
    assert works.line(report, "electricity").cost_vnd == 129_600_000


def test_one_slip_of_unit_has_one_cure(works):
    # Wh written as kWh: against the history a thousand times too much, against the bill a thousand times too cheap
    works.year(2025)
    report = works.sent(electricity="5400000", cost=129_600_000)
    assert set(rules(report)) == {"history_unit_slip"}
    plausibility.apply_suggestion(works.centre, rules(report)["history_unit_slip"], now=NOW)
    line = works.line(report, "electricity")
    assert (line.total, line.cost_vnd) == (64_800, 129_600_000)
    assert not report.findings.filter(state="open").exists()


@pytest.mark.parametrize("first", ["history_unit_slip", "price_unit_slip"])
def test_two_slips_are_told_apart_and_corrected_in_either_order(works, first):
    works.year(2025)
    report = works.sent(electricity="5400000", cost=129_600)  # Wh and thousand đồng
    assert set(rules(report)) == {"history_unit_slip", "price_unit_slip"}
    other = ({"history_unit_slip", "price_unit_slip"} - {first}).pop()
    for rule in (first, other):
        plausibility.apply_suggestion(works.centre, rules(report)[rule], now=NOW)
    line = works.line(report, "electricity")
    assert (line.total, line.cost_vnd) == (64_800, 129_600_000)


def test_the_cure_is_one_that_the_reader_can_carry_out(works, client):
    works.year(2025)
    report = works.draft(electricity="5400000")
    plausibility.run(report)

    def page(role, name):
        client.force_login(works.cast.user(role))
        return client.get(address(report, name)).content.decode()

    assert "bấm “Sửa”" in page("factory", "check")
    workflow.submit(works.factory, report, now=NOW)
    sent = page("factory", "report")
    assert "bấm “Sửa”" not in sent
    assert "rút báo cáo về (hoặc nhờ cán bộ trả lại) rồi nhân số lượng với 0,001" in sent
    assert "bấm “Sửa”" in page("centre", "review")
    assert "Cơ sở sửa hoặc giải thích." in page("leader", "report")


def test_a_report_is_accepted_only_when_its_grave_findings_are_explained(works):
    works.year(2025)
    report = works.sent(electricity="5400000")
    with pytest.raises(NotExplained) as refused:
        workflow.accept(works.centre, report, now=NOW)
    (finding,) = refused.value.findings
    with pytest.raises(ReportError):
        plausibility.explain(works.factory, finding, " ", now=NOW)
    plausibility.explain(works.factory, finding, "Lắp thêm lò điện theo hợp đồng số 7 ngày 02/02", now=NOW)
    finding.refresh_from_db()
    workflow.accept(works.centre, report, now=NOW, confirmed=[finding.mark])
    report.refresh_from_db()
    assert report.state == "accepted"


@pytest.mark.parametrize("text", ["Đúng", "đúng đúng đúng đúng đúng đúng", "Số này là đúng"])
def test_a_grave_doubt_is_not_let_through_by_a_word(works, text):
    works.year(2025)
    report = works.sent(electricity="5400000")
    (finding,) = report.findings.filter(level="error")
    with pytest.raises(ReportError, match="kiểm tra được"):
        plausibility.explain(works.centre, finding, text, now=NOW)
    finding.refresh_from_db()
    assert finding.state == "open"
    plausibility.explain(works.centre, finding, "Đã xem công tơ lò điện mới ngày 20/11", now=NOW)
    assert (finding.state, finding.explained_by) == ("explained", works.centre)


def test_running_again_keeps_an_explanation_while_the_figure_stays(works):
    works.year(2025)
    report = works.sent(electricity="5400000")
    plausibility.explain(
        works.factory,
        rules(report)["history_unit_slip"],
        "Lò điện mới chạy từ tháng 2, theo hợp đồng số 7",
        now=NOW,
    )
    plausibility.run(report)
    assert rules(report)["history_unit_slip"].state == "explained"
    workflow.return_with_remarks(works.centre, report, "Xem lại", now=NOW)
    line = works.line(report, "electricity")
    works.save(report, "inputs", {str(line.pk): {"months": ["6100000"] * 12}})
    plausibility.run(report)
    finding = rules(report)["history_unit_slip"]
    assert (finding.state, finding.explanation) == ("open", "Lò điện mới chạy từ tháng 2, theo hợp đồng số 7")
    works.save(report, "inputs", {str(line.pk): {"months": ["5400"] * 12}})
    plausibility.run(report)
    assert rules(report) == {}


def test_a_figure_beyond_every_way_of_working_must_be_explained_though_no_slip_fits(works):
    works.year(2025)
    report = works.sent(electricity=str(5400 * 37))
    assert rules(report)["history"].level == "error"
    with pytest.raises(NotExplained):
        workflow.accept(works.centre, report, now=NOW)


def test_consumption_without_any_output_must_be_explained(works):
    report = works.sent(output="0")
    levels = {f.level for f in report.findings.filter(rule="year_without_output")}
    assert levels == {"error"}
    assert report.findings.filter(rule="year_without_output").count() == 2
    with pytest.raises(NotExplained):
        workflow.accept(works.centre, report, now=NOW)


def test_a_month_at_rest_may_take_a_little_but_not_as_much_as_usual(works):
    report = works.draft()
    made = report.lines.get(flow="output")
    works.save(report, "products", {str(made.pk): {"months": ["100"] * 11 + ["0"]}})
    coal = works.line(report, "coal_cam_5_6")
    works.save(report, "inputs", {str(coal.pk): {"months": ["13"] * 11 + ["1"]}})
    plausibility.run(report)
    found = report.findings.filter(rule="consumption_without_output")
    assert [(f.line.label, f.params["month"]) for f in found] == [("Điện lưới", 12)]


def test_a_factory_unlike_its_trade_is_asked_and_too_few_peers_say_nothing(works, cast):
    for number in range(4):
        peer(works, cast, number)
    report = works.sent(electricity="17000")
    assert rules(report) == {}
    peer(works, cast, 4)
    plausibility.run(report)
    finding = rules(report)["sector"]
    assert finding.level == "warning"
    assert finding.params["high"] < 170


def peer(works, cast, number):
    """Another brick works of the province, 60 kWh a thousand bricks."""
    enterprise = Organisation.objects.create(name=f"Công ty {number}", kind="enterprise", province_code="20")
    facility = Facility.objects.create(
        code=f"LS-1{number:03d}",
        name=f"Gạch {number}",
        enterprise=enterprise,
        trade=cast.brick.trade,
        area=cast.brick.area,
        province_code="20",
    )
    product = Product.objects.create(facility=facility, name="Gạch", unit="k_vien")
    works.year(2026, facility=facility, product=product)


def test_more_mass_out_than_in_is_an_error_and_much_less_a_question(works):
    report = works.draft()
    works.save(
        report,
        "products",
        {
            str(report.lines.get(flow="output").pk): None,
            "new1": works.row("output", "", "200", name="Tinh dầu", unit="t"),
        },
    )
    works.save(report, "inputs", {"new1": works.row("consumption", "star_anise", "100", unit="t")})
    plausibility.run(report)
    assert rules(report)["mass_created"].level == "error"
    line = report.lines.get(flow="output")
    works.save(report, "products", {str(line.pk): {"months": ["4"] * 12}})
    plausibility.run(report)
    assert rules(report)["mass_unaccounted"].level == "warning"
    works.save(report, "wastes", {"new1": works.row("waste", "solid_waste", "90", unit="t")})
    plausibility.run(report)
    assert "mass_unaccounted" not in rules(report)


def test_a_saving_claimed_while_the_records_show_a_rise_is_an_error(works):
    works.year(2025)
    report = works.draft(electricity="8000")
    works.save(
        report,
        "solutions",
        {
            "new1": {
                "name": "Thay mô tơ",
                "group": "equipment_modification",
                "done_on": "2026-03-01",
                "savings": [{"resource": "electricity", "quantity": "12", "unit": "MWh"}],
            }
        },
    )
    workflow.submit(works.factory, report, now=NOW)
    finding = rules(report)["saving_claim_while_worse"]
    assert (finding.level, finding.params["observed"]) == ("error", 12_000)


def test_records_changed_beside_a_report_that_waits_are_told(works):
    report = works.sent()
    assert "records_apart" not in rules(report)
    row = works.brick.records.get(year=2026, month=3, resource=works.electricity)
    typed = {"item": "consumption:electricity", "month": "2026-03", "unit": "kWh"}
    type_record(works.centre, works.brick, quantity=Decimal(54_000), **typed)
    finding = rules(report)["records_apart"]
    assert (finding.level, finding.params["observed"], finding.params["low"]) == ("warning", 113_400, 64_800)
    assert "113.400 kWh" in finding_text(finding, "vi", ClosedCosts())[0]
    type_record(works.centre, works.brick, quantity=row.quantity, **typed)
    assert "records_apart" not in rules(report)


def test_a_closed_report_is_not_corrected_by_a_click(works, cast):
    works.year(2025)
    report = works.sent(electricity="5400000")
    finding = rules(report)["history_unit_slip"]
    with pytest.raises(PermissionDenied):
        plausibility.apply_suggestion(works.factory, finding, now=NOW)
    plausibility.explain(works.centre, finding, "Đã xem công tơ lò điện mới ngày 20/11", now=NOW)
    workflow.accept(works.centre, report, now=NOW)
    with pytest.raises(NotEditable):
        plausibility.apply_suggestion(works.centre, finding, now=NOW)
    with pytest.raises(PermissionDenied):
        plausibility.explain(cast.user("leader"), finding, "x", now=NOW)


def test_every_rule_that_can_be_found_has_words_in_both_languages(works):
    from sachhon.workbooks.problems import known_rules

    report = drafting.start_report(works.factory, works.brick, 2026, today=NOW.date())
    params = {
        "item": "Điện",
        "observed": 1.0,
        "low": None,
        "high": 2.0,
        "unit": "kWh",
        "factor": 10,
        "month": 3,
        "other": "Nước",
        "ring": "“Điện” → “Nước” → “Điện”",
        "first": 1,
        "last": 6,
    }
    found = [r for r in FINDING_RULES if r in known_rules()]
    assert found == FINDING_RULES
    for rule in FINDING_RULES:
        finding = Finding(report=report, rule=rule, level="error", params={**params, "what": "cost"})
        for lang in ("vi", "en"):
            message, cure = finding_text(finding, lang, ClosedCosts())
            assert "{" not in message + cure
            assert message != cure


FINDING_RULES = [
    "lines_swapped", "lines_turned", "records_apart",
    "history_unit_slip", "history", "sector_unit_slip", "sector", "month_unit_slip",
    "price_unit_slip", "price",
    "cost_without_quantity", "mass_created", "mass_unaccounted", "saving_claim_too_high", "saving_claim_too_low",
    "saving_over_whole", "saving_large_share", "saving_over_whole_vnd", "saving_large_share_vnd",
    "investment_over_means", "applying_denied", "saving_claim_while_worse", "consumption_without_output",
    "year_without_output",
]  # fmt: skip


def two_meters(works, first: str, second: str):
    """A draft whose electricity stands on two lines, one a meter, run through the rules."""
    report = works.draft(electricity=first)
    row = {**works.row("consumption", "electricity", second, unit="kWh"), "meter": "Công tơ 2"}
    works.save(report, "inputs", {"new1": row})
    plausibility.run(report)
    return report, report.lines.filter(resource=works.electricity).order_by("pk")


def test_a_second_meter_is_no_jump_of_the_resource(works):
    works.year(2025)
    report, lines = two_meters(works, "5200", "200")
    assert lines.count() == 2
    assert rules(report) == {}


def test_all_meters_of_a_resource_are_doubted_together_and_once(works):
    works.year(2025)
    report, lines = two_meters(works, "6000", "9000")
    (finding,) = report.findings.all()
    assert (finding.rule, finding.line) == ("history", lines[0])
    assert finding.params["observed"] == pytest.approx(150)
    assert "factor" not in finding.params


def test_the_slip_is_found_at_the_meter_that_has_it(works):
    works.year(2025)
    report, lines = two_meters(works, "3000", "3000000")
    (finding,) = report.findings.all()
    assert (finding.rule, finding.line) == ("history_unit_slip", lines[1])
    plausibility.apply_suggestion(works.factory, finding, now=NOW)
    assert works.line_of(report, lines[1].pk).months == ["3000"] * 12
    assert not report.findings.filter(state="open").exists()
