"""What was verified in an assessment is offered to the annual report, and taken over once, as it was verified."""

import datetime
import io
import json
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps.assessment.test_choosing import NOW as JULY
from tests.apps.assessment.test_choosing import PERIODS, add, carried_out, measured
from tests.apps.reporting.conftest import NOW

from sachhon.apps.assessment.models import Kind, Option, OptionState, Verification, VerificationState
from sachhon.apps.assessment.queries.verified import judged_keys, verified_savings
from sachhon.apps.assessment.services import opening, options, plan, verifying
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Product, Record
from sachhon.apps.reporting.facts import ProvinceFacts
from sachhon.apps.reporting.models import ProvinceReport, ProvinceRollup, ReportState
from sachhon.apps.reporting.pages import address
from sachhon.apps.reporting.queries.verified import offers_of
from sachhon.apps.reporting.services import drafting, province
from sachhon.apps.reporting.services.checks import check_section
from sachhon.apps.reporting.services.errors import NotEditable, NotYours
from sachhon.apps.reporting.services.province import checking
from sachhon.apps.reporting.services.province.reading import report_data, rollup_data
from sachhon.apps.reporting.services.verified_marks import mark_of
from sachhon.apps.reporting.services.verified_solutions import NotOffered, take_over
from sachhon.documents.snapshot import to_json
from sachhon.warehouse.publish import open_snapshot
from sachhon.warehouse.rollup.savings import relative_savings, saving_totals, solution_totals
from sachhon.warehouse.rollup.scope import Scope

SLUG = "giai-phap"


@pytest.fixture
def fan(cast):
    """A fan's drive, carried out: 18 months of bills, a tenth less electricity in the six of 2026."""
    bricks = Product.objects.create(facility=cast.brick, name="Gạch đặc", unit="k_vien")
    for i in range(18):
        month = {"facility": cast.brick, "year": 2025 + i // 12, "month": i % 12 + 1}
        made = 800 + 37 * (i * 7 % 11)
        used = (10_000 + 40 * made) * (1 + 0.01 * ((i * 5 % 7) - 3) / 3) * (0.9 if i >= 12 else 1.0)
        Record.objects.create(**month, flow="output", product=bricks, quantity=made)
        Record.objects.create(
            **month, flow="consumption", resource=cast.electricity, quantity=used, cost_vnd=round(used * 2000)
        )
    assessment = opening.open_assessment(
        cast.user("centre"),
        cast.brick,
        Kind.DETAILED,
        data_from=datetime.date(2025, 1, 1),
        data_to=datetime.date(2025, 12, 31),
    )
    opening.add_member(cast.user("centre"), assessment, cast.user("expert"))
    option = carried_out(cast, assessment, add(cast, assessment, "Biến tần quạt lò", 60_000, 150))
    Option.objects.filter(pk=option.pk).update(spent_vnd=148_000_000)
    return option


@pytest.fixture
def verified(cast, fan):
    """The Centre's word on it."""
    row = measured(cast, fan.assessment, fan)
    return verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=JULY)


@pytest.fixture
def report(cast, fan):
    return drafting.start_report(cast.user("factory"), cast.brick, 2026, today=NOW.date())


def key_of(user, report):
    (offer,) = offers_of(user, report)["offers"]
    return offer.proposal.key


def test_a_verified_saving_becomes_a_solution_with_its_figures_and_where_it_is_from(cast, verified, report):
    factory = cast.user("factory")
    key = key_of(factory, report)
    assert take_over(factory, report, key)
    solution = report.solutions.get()
    option, result = verified.options.get(), verified.result
    assert (solution.name, solution.group, solution.state) == (option.name, option.group, "done")
    assert (solution.done_on, solution.investment_vnd) == (option.done_on, 148_000_000)
    assert solution.saving_vnd_per_year == result["vnd"]
    (saving,) = solution.savings
    assert (saving["resource"], saving["unit"]) == ("electricity", "kWh")
    assert float(saving["quantity"]) == pytest.approx(result["saving"], rel=1e-5)
    mark = mark_of(solution)
    assert (mark.key, mark.codes, mark.assessment) == (key, "GP-01", option.assessment_id)
    assert (mark.judged_by, mark.altered) == (cast.user("centre").display_name(), False)
    assert (mark.first, mark.last) == (verified.report_from, verified.report_to)
    assert not [i for i in check_section(report, "solutions") if i.level == "error"]
    entry = AuditEntry.objects.get(verb="report.take_over")
    assert (entry.actor, entry.after["from"]) == (factory, key)


def test_taken_over_twice_it_is_one_line_and_stays_so_in_a_revision(cast, verified, report):
    factory, centre = cast.user("factory"), cast.user("centre")
    key = key_of(factory, report)
    assert [take_over(factory, report, key), take_over(centre, report, key)] == [True, False]
    assert report.solutions.count() == AuditEntry.objects.filter(verb="report.take_over").count() == 1
    assert offers_of(factory, report)["offers"] == []
    report.refresh_from_db()
    revision = drafting.copy_as_revision(factory, report)
    assert not take_over(factory, revision, key)
    assert revision.solutions.count() == 1


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.LOCKED])
def test_a_report_that_was_sent_takes_nothing(cast, verified, report, state):
    factory = cast.user("factory")
    key = key_of(factory, report)
    type(report).objects.filter(pk=report.pk).update(state=state)
    with pytest.raises(NotEditable):
        take_over(factory, report, key)
    assert not report.solutions.exists()


def test_only_who_may_write_the_report_and_only_what_is_verified_there(cast, verified, report):
    factory = cast.user("factory")
    key = key_of(factory, report)
    factory.organisation = cast.quarry_enterprise
    factory.save()
    with pytest.raises(NotYours):
        take_over(factory, report, key)
    centre = cast.user("centre")
    with pytest.raises(NotOffered):
        take_over(centre, report, "option:999:2026")
    verifying.take_back(centre, verified, reason="Công tơ hỏng", now=JULY)
    with pytest.raises(NotOffered):
        take_over(centre, report, key)
    assert not report.solutions.exists()


def counted(report, tmp_path):
    """What the province counts of the report once it is sent: (savings, solutions, relative savings) by state."""
    type(report).objects.filter(pk=report.pk).update(state=ReportState.ACCEPTED, submitted_at=NOW)
    ProvinceFacts("20", 2026, NOW.date()).publish(tmp_path)
    warehouse, scope = open_snapshot(tmp_path), Scope(year=2026)
    return (
        {s.state: s for s in saving_totals(warehouse, scope, by_resource=True)},
        {s.state: s for s in solution_totals(warehouse, scope)},
        relative_savings(warehouse, scope),
    )


def test_the_province_counts_it_as_verified_apart_from_what_is_reported(cast, verified, report, tmp_path):
    take_over(cast.user("factory"), report, key_of(cast.user("factory"), report))
    savings, solutions, (relative,) = counted(report, tmp_path)
    result = verified.result
    assert set(savings) & {"verified", "estimated"} == {"verified"}
    assert float(savings["verified"].quantity) == pytest.approx(result["saving"], rel=1e-5)
    assert savings["verified"].vnd == solutions["verified"].saving_vnd == result["vnd"]
    assert set(solutions) == {"verified"}
    assert float(relative.relative_pct) == pytest.approx(
        100 * result["saving"] / result["expected"], rel=1e-4
    )


def test_changed_on_the_form_it_is_what_the_factory_says(cast, verified, report, tmp_path):
    take_over(cast.user("factory"), report, key_of(cast.user("factory"), report))
    report.solutions.update(saving_vnd_per_year=999_000_000)
    savings, solutions, relative = counted(report, tmp_path)
    assert "verified" not in savings
    assert set(solutions) == {"reported"}
    assert relative == ()


def test_a_judgement_taken_back_counts_as_verified_no_longer(cast, verified, report, tmp_path):
    take_over(cast.user("factory"), report, key_of(cast.user("factory"), report))
    verifying.take_back(cast.user("centre"), verified, reason="Công tơ hỏng", now=JULY)
    savings, solutions, _relative = counted(report, tmp_path)
    assert "verified" not in savings
    assert set(solutions) == {"reported"}


def flat(cast, fan):
    """Electricity of 2026 as the baseline expects it, give or take: nothing saved, nothing lost."""
    for record in Record.objects.filter(year=2026, resource=cast.electricity):
        made = Record.objects.get(year=2026, month=record.month, flow="output").quantity
        record.quantity = (10_000 + 40 * made) * (
            1 + (Decimal("0.004") if record.month % 2 else Decimal("-0.005"))
        )
        record.save()
    return measured(cast, fan.assessment, fan)


def test_what_cannot_be_told_from_nothing_is_no_proven_saving(client, cast, fan, report, tmp_path):
    row = flat(cast, fan)
    assert row.result["verdict"] == "not_distinguishable"
    judged = verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=JULY)
    assert judged.figure.state == "measured"
    fan.refresh_from_db()
    assert fan.state == OptionState.DONE
    client.force_login(cast.user("factory"))
    assert (
        "không phân biệt được với 0" in client.get(f"/danh-gia/{fan.assessment_id}/kiem-chung/{row.pk}/").text
    )
    assert "không phân biệt được với 0" in client.get(f"/danh-gia/{fan.assessment_id}/kiem-chung/").text
    assert "chỉ tính là báo cáo" in client.get(address(report, "edit", SLUG)).text
    assert take_over(cast.user("factory"), report, key_of(cast.user("factory"), report))
    savings, solutions, _relative = counted(report, tmp_path)
    assert "verified" not in savings
    assert set(solutions) == {"reported"}


def test_months_over_the_turn_of_the_year_give_each_year_its_part(cast, fan):
    """A baseline of twelve months to September 2025, measured from October 2025 to June 2026."""
    bricks = Product.objects.get(facility=cast.brick)
    for i, month in enumerate((10, 11, 12)):
        made, at = 830 + 90 * i, {"facility": cast.brick, "year": 2024, "month": month}
        Record.objects.create(**at, flow="output", product=bricks, quantity=made)
        Record.objects.create(
            **at, flow="consumption", resource=cast.electricity, quantity=10_050 + 40 * made, cost_vnd=10**8
        )
    row = measured(
        cast, fan.assessment, fan,
        baseline_from=datetime.date(2024, 10, 1), baseline_to=datetime.date(2025, 9, 30),
        report_from=datetime.date(2025, 10, 1),
    )  # fmt: skip
    assert "saving" in row.result, row.result
    verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=JULY)
    row.refresh_from_db()
    (before,) = verified_savings(cast.user("centre"), cast.brick, 2025)
    (after,) = verified_savings(cast.user("centre"), cast.brick, 2026)
    assert verified_savings(cast.user("centre"), cast.brick, 2024) == []
    assert (before.first, before.last) == (datetime.date(2025, 10, 1), datetime.date(2025, 12, 31))
    assert (after.first, after.last) == (datetime.date(2026, 1, 1), datetime.date(2026, 6, 30))
    amounts = [float(p.savings[0][1]) for p in (before, after)]
    assert sum(amounts) == pytest.approx(row.result["saving"], rel=1e-4)
    # only 2026 has the drive: three quarters and more of the saving lie there
    assert amounts[1] > 3 * abs(amounts[0])
    assert before.saving_vnd + after.saving_vnd == pytest.approx(row.result["vnd"], abs=1)
    expected = [float(p.expected[0][1]) for p in (before, after)]
    assert sum(expected) == pytest.approx(row.result["expected"], rel=1e-4)
    assert judged_keys("20", 2025).standing == {before.key}
    assert judged_keys("20", 2026).standing == {before.key, after.key}


def test_the_province_asks_for_its_figures_anew_when_a_judgement_falls_or_is_taken_back(cast, fan, report):
    ProvinceRollup.objects.create(province_code="20", year=2026, changed_at=NOW)
    ProvinceRollup.objects.create(province_code="20", year=2025, changed_at=NOW)

    def asked():
        rows = ProvinceRollup.objects.filter(queued=True).values_list("year", flat=True)
        found = sorted(rows)
        ProvinceRollup.objects.update(queued=False)
        return found

    row = measured(cast, fan.assessment, fan)
    assert asked() == []
    row = verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=JULY)
    assert asked() == [2026]
    verifying.take_back(cast.user("centre"), row, reason="Công tơ hỏng", now=JULY)
    assert asked() == [2026]
    assert not ProvinceRollup.objects.filter(year=2026, changed_at=NOW).exists()


def test_an_officer_outside_the_team_is_not_offered_what_would_be_refused(client, cast, fan):
    row = measured(cast, fan.assessment, fan)
    address = f"/danh-gia/{fan.assessment_id}/kiem-chung/{row.pk}/"
    client.force_login(cast.user("centre"))
    assert 'value="verified"' in client.get(address).text
    member = fan.assessment.members.get(user=cast.user("centre"))
    fan.assessment.lead = cast.user("expert")
    fan.assessment.save()
    member.delete()
    assert 'value="verified"' not in client.get(address).text


def test_a_worsening_is_told_taken_over_with_its_sign_and_counted(client, cast, fan, report, tmp_path):
    Record.objects.filter(year=2026, resource=cast.electricity).update(quantity=70_000)
    row = measured(cast, fan.assessment, fan)
    verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=JULY)
    client.force_login(cast.user("factory"))
    page = client.get(address(report, "edit", SLUG)).text
    assert "Kết quả xấu đi: đưa vào báo cáo với dấu âm" in page
    assert take_over(cast.user("factory"), report, key_of(cast.user("factory"), report))
    solution = report.solutions.get()
    assert solution.saving_vnd_per_year == row.result["vnd"] < 0
    assert not [i for i in check_section(report, "solutions") if i.level == "error"]
    savings, _solutions, _relative = counted(report, tmp_path)
    assert savings["verified"].vnd == row.result["vnd"]
    assert savings["verified"].quantity < 0
    report.solutions.update(saving_vnd_per_year=-1)  # a figure of the factory's own is not below zero
    assert "solution_negative" in {i.rule for i in check_section(report, "solutions")}


def test_a_saving_on_records_changed_since_is_not_taken_over_until_it_is_judged_anew(
    client, cast, verified, report
):
    factory, centre = cast.user("factory"), cast.user("centre")
    key = key_of(factory, report)
    record = Record.objects.get(year=2026, month=4, resource=cast.electricity)
    record.quantity -= 3000
    record.save()
    why = "đã được sửa sau khi kết luận"
    with pytest.raises(NotOffered, match=why):
        take_over(factory, report, key)
    client.force_login(factory)
    form = client.get(address(report, "edit", SLUG)).text
    assert why in form
    assert f'value="{key}"' not in form
    told = "sau khi xác minh"
    page = reverse("registry:facility", args=[cast.brick.code])
    assert told in client.get(page).text
    back = verifying.take_back(centre, verified, reason="Số liệu đã sửa", now=JULY)
    again = verifying.compute(cast.user("expert"), back)
    verifying.judge(centre, again, verified=True, note="", version=again.version, now=JULY)
    assert take_over(factory, report, key)
    assert told not in client.get(page).text
    assert offers_of(factory, report)["changed"] == set()
    record.quantity -= 3000
    record.save()
    assert offers_of(factory, report)["changed"] == {report.solutions.get().pk}
    assert "phải kết luận lại" in client.get(address(report, "edit", SLUG)).text


def test_a_saving_on_records_changed_since_counts_as_reported_until_it_is_judged_anew(
    client, cast, verified, report, settings, tmp_path
):
    settings.HOME = tmp_path / "home"
    factory, department = cast.user("factory"), cast.user("department")
    take_over(factory, report, key_of(factory, report))
    type(report).objects.filter(pk=report.pk).update(
        state=ReportState.ACCEPTED, submitted_at=NOW, first_submitted_at=NOW
    )

    def states():
        province.refresh(department, "20", 2026, NOW.date())
        data = rollup_data(ProvinceRollup.objects.get(province_code="20", year=2026), "vi")
        return data, {t.state for t in data.saving_totals} & {"verified", "estimated"}

    assert states()[1] == {"verified"}
    of_year = {"province_code": "20", "year": 2026, "audience": "peoples_committee"}
    draft = ProvinceReport.objects.create(**of_year, issue=2)
    issued = ProvinceReport.objects.create(**of_year, state="issued", data=json.loads(to_json(states()[0])))
    record = Record.objects.get(year=2026, month=4, resource=cast.electricity)
    record.quantity -= 3000
    record.save()
    data, found = states()
    assert found == {"estimated"}  # what is said of the solution, no expert's word any more
    assert data.on_changed_records == (cast.brick.name,)
    caution = next(c for c in checking.check(draft, NOW.date()) if c.code == "changed")
    assert (caution.count, cast.brick.name in caution.detail) == (1, True)
    client.force_login(department)
    page = client.get(reverse("reporting:province_section", args=["tiet-kiem"]) + "?nam=2026").text
    assert "số liệu đã sửa sau khi kết luận" in page
    assert "phải kết luận lại" in client.get(address(report, "report")).text
    snapshot = report_data(issued)
    assert "verified" in {t.state for t in snapshot.saving_totals}  # what was issued stays as it was
    assert snapshot.on_changed_records == ()
    again = verifying.take_back(cast.user("centre"), verified, reason="Số liệu đã sửa", now=JULY)
    again = verifying.compute(cast.user("expert"), again)
    verifying.judge(cast.user("centre"), again, verified=True, note="", version=again.version, now=JULY)
    data, _found = states()
    assert data.on_changed_records == ()


def test_a_trade_secret_is_offered_to_those_who_know_it_and_goes_by_its_number(cast, verified, report):
    Option.objects.update(confidential=True)
    department, factory = cast.user("department"), cast.user("factory")
    key = key_of(factory, report)
    assert offers_of(department, report) == {"offers": [], "withdrawn": set(), "changed": set()}
    with pytest.raises(NotOffered):
        take_over(department, report, key)
    take_over(factory, report, key)
    solution = report.solutions.get()
    assert "GP-01" in solution.name
    assert "Biến tần" not in solution.name + str(solution.origins)


def judged_as_before(cast, first, then):
    """`then` judged beside `first` although both measure the same months, as judgements once let it be."""
    Verification.objects.filter(pk=first.pk).update(state=VerificationState.COMPUTED)
    verifying.judge(cast.user("centre"), then, verified=True, note="", version=then.version, now=JULY)
    yield
    Verification.objects.filter(pk=first.pk).update(state=VerificationState.VERIFIED)
    yield


def together(cast, verified):
    """GP-01 with another option, both measured on the electricity of April to June."""
    other = carried_out(
        cast, verified.assessment, add(cast, verified.assessment, "Sửa rò khí nén", 9_000, 10)
    )
    row = verifying.plan_verification(
        cast.user("expert"),
        verified.assessment,
        [verified.options.get(), other],
        {
            "resource": cast.electricity,
            "baseline_from": datetime.date(2025, 1, 1),
            "baseline_to": datetime.date(2025, 12, 31),
            "report_from": datetime.date(2026, 4, 1),
            "report_to": datetime.date(2026, 6, 30),
        },
    )
    return verifying.compute(cast.user("expert"), row)


def test_options_measured_on_one_meter_are_one_line_apart_from_each_alone(cast, verified, report, tmp_path):
    factory = cast.user("factory")
    keys = [key_of(factory, report)]
    take_over(factory, report, keys[0])
    steps = judged_as_before(cast, verified, together(cast, verified))
    next(steps)
    keys.append(key_of(factory, report))
    take_over(factory, report, keys[1])
    next(steps)
    assert len(set(keys)) == 2
    assert "Biến tần quạt lò; Sửa rò khí nén" in report.solutions.values_list("name", flat=True)
    assert "GP-01 + GP-02" in {mark_of(s).codes for s in report.solutions.all()}
    # both measured the electricity of April to June: the longer measurement counts, the other not on top of it
    savings, solutions, _relative = counted(report, tmp_path)
    assert float(savings["verified"].quantity) == pytest.approx(verified.result["saving"], rel=1e-5)
    assert savings["verified"].vnd == verified.result["vnd"]
    assert solutions["verified"].solutions == 2


def test_months_that_were_verified_are_not_verified_again_for_these_or_other_options(
    client, cast, verified, report
):
    centre, factory = cast.user("centre"), cast.user("factory")
    again = measured(cast, verified.assessment, verified.options.get(), report_from=datetime.date(2026, 3, 1))
    both = together(cast, verified)
    for row in (again, both):
        with pytest.raises(AssessmentError, match=r"01/2026–06/2026.*GP-01"):
            verifying.judge(centre, row, verified=True, note="", version=row.version, now=JULY)
    assert [o.proposal.key for o in offers_of(factory, report)["offers"]] == [key_of(factory, report)]
    client.force_login(centre)
    page = client.get(f"/danh-gia/{both.assessment_id}/kiem-chung/{both.pk}/").text
    assert "01/2026–06/2026" in page
    assert 'value="verified"' not in page
    assert 'value="refused"' in page
    verifying.take_back(centre, verified, reason="Đo chung", now=JULY)
    verifying.judge(centre, both, verified=True, note="", version=both.version, now=JULY)
    (offer,) = offers_of(factory, report)["offers"]
    assert offer.codes == "GP-01 + GP-02"


def test_other_months_of_the_same_meter_are_verified_beside(cast, fan, report):
    centre = cast.user("centre")
    spring = measured(cast, fan.assessment, fan, report_to=datetime.date(2026, 3, 31))
    verifying.judge(centre, spring, verified=True, note="", version=spring.version, now=JULY)
    summer = together(cast, spring)
    verifying.judge(centre, summer, verified=True, note="", version=summer.version, now=JULY)
    proposals = verified_savings(centre, cast.brick, 2026)
    assert [p.doubled for p in proposals] == [(), ()]
    total = sum(float(p.savings[0][1]) for p in proposals)
    assert total == pytest.approx(spring.result["saving"] + summer.result["saving"], rel=1e-4)


def test_what_once_was_verified_twice_is_offered_once(client, cast, verified, report):
    again = measured(cast, verified.assessment, verified.options.get(), report_from=datetime.date(2026, 3, 1))
    both = together(cast, verified)
    for row in (again, both):
        for _step in judged_as_before(cast, verified, row):
            Verification.objects.filter(pk=again.pk, state=VerificationState.VERIFIED).update(
                state=VerificationState.COMPUTED
            )
    Verification.objects.filter(pk=again.pk).update(state=VerificationState.VERIFIED)
    (offer,) = offers_of(cast.user("factory"), report)["offers"]
    ((_resource, quantity),) = offer.proposal.savings
    assert float(quantity) == pytest.approx(verified.result["saving"], rel=1e-5)
    assert "03/2026–06/2026" in offer.proposal.doubled[0]
    client.force_login(cast.user("expert"))
    page = client.get(f"/danh-gia/{both.assessment_id}/kiem-chung/{both.pk}/").text
    assert "đã xác minh cho GP-01" in page
    listed = client.get(reverse("assessment:verifications", args=[both.assessment_id])).text
    assert listed.count("Đã thay thế") == 2
    assert (listed.count("state state-warning"), listed.count("state state-ok")) == (
        2,
        1,
    )  # nor shown as good
    book = load_workbook(
        io.BytesIO(client.get(f"/danh-gia/{both.assessment_id}/bao-cao-chi-tiet.xlsx").content)
    )
    rows = [r for sheet in book for r in sheet.iter_rows(values_only=True)]
    measured_rows = [r for r in rows if any(str(c).startswith("phần cố định") for c in r)]
    assert len(measured_rows) == 3
    amounts = [c for r in measured_rows for c in r if isinstance(c, float)]
    result = verified.result
    assert amounts == pytest.approx([result["saving"], result["low"], result["high"]], rel=1e-5)


def test_only_what_was_carried_out_is_verified_and_of_what_it_saves(cast, fan):
    expert, centre = cast.user("expert"), cast.user("centre")
    idea = add(cast, fan.assessment, "Sửa rò khí nén", 9_000, 10)
    row = measured(cast, fan.assessment, idea)
    with pytest.raises(AssessmentError, match=r"GP-02.*thực hiện"):
        verifying.judge(centre, row, verified=True, note="", version=row.version, now=JULY)
    verifying.judge(centre, row, verified=False, note="Chưa làm", version=row.version, now=JULY)
    coal = add(cast, fan.assessment, "Bọc cách nhiệt lò", 1, 10, savings={"coal_cam_5_6": {"likely": 90}})
    with pytest.raises(AssessmentError, match=r"GP-03.*Điện lưới"):
        measured(cast, fan.assessment, carried_out(cast, fan.assessment, coal))
    with pytest.raises(AssessmentError, match=r"GP-03.*Điện lưới"):
        verifying.change_verification(expert, measured(cast, fan.assessment, fan), [fan, coal], PERIODS, 1)
    out = add(cast, fan.assessment, "Thay mô tơ", 9_000, 10, screening="drop", screening_reason="Mới thay")
    with pytest.raises(AssessmentError, match="GP-04"):
        measured(cast, fan.assessment, out)
    assert verified_savings(centre, cast.brick, 2026) == []


def test_a_solution_whose_saving_was_judged_is_not_taken_up_again(cast, fan):
    row = flat(cast, fan)
    row = verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=JULY)
    with pytest.raises(AssessmentError, match="GP-01"):
        plan.move_option(cast.user("expert"), fan, "resume", today=JULY.date(), reason="Làm thêm")
    verifying.take_back(cast.user("centre"), row, reason="Làm thêm", now=JULY)
    moved = plan.move_option(cast.user("expert"), fan, "resume", today=JULY.date(), reason="Làm thêm")
    assert moved.state == OptionState.IN_PROGRESS


def test_the_page_offers_takes_over_and_tells_when_figures_are_changed_or_taken_back(
    client, cast, verified, report
):
    client.force_login(cast.user("factory"))
    edit, take = address(report, "edit", SLUG), address(report, "take_over")
    page = client.get(edit).text
    assert "Đưa vào báo cáo" in page
    key = key_of(cast.user("factory"), report)
    assert f'value="{key}"' in page
    assert client.get(take).status_code == 405
    typed = {"version": report.version, "page": "p1", "key": key}
    page = client.post(take, typed, follow=True).text
    assert "Đã đưa vào báo cáo." in page
    assert "Tiết kiệm đã xác minh, GP-01 của cuộc" in page
    assert "đo 01/2026–06/2026" in page
    assert f'formaction="{take}"' not in page
    assert "Báo cáo đã có giải pháp này." in client.post(take, typed, follow=True).text
    assert "Tiết kiệm đã xác minh, GP-01 của cuộc" in client.get(address(report, "report")).text

    solution = report.solutions.get()
    fields = client.get(edit).context["solutions"][0]["savings"]
    sent = {"version": "99", "page": "p1"}
    for number, resource, quantity, unit in fields:
        sent[f"solution-{solution.pk}-resource{number}"] = resource
        sent[f"solution-{solution.pk}-quantity{number}"] = str(quantity or "").replace(".", ",")
        sent[f"solution-{solution.pk}-unit{number}"] = unit
    client.post(edit, sent)
    solution.refresh_from_db()
    assert not mark_of(solution).altered
    client.post(edit, sent | {f"solution-{solution.pk}-quantity1": "99.000"})
    assert "Số liệu đã bị sửa sau đó." in client.get(edit).text

    verifying.take_back(cast.user("centre"), verified, reason="Công tơ hỏng", now=JULY)
    assert "đã được thu lại" in client.get(edit).text


def test_who_may_not_write_reports_is_refused_and_a_stranger_finds_none(client, cast, verified, report):
    take = address(report, "take_over")
    answers = {}
    for role in ("expert", "inspector", "leader", "ministry"):
        client.force_login(cast.user(role))
        answers[role] = client.post(take, {"key": "x"}).status_code
    assert set(answers.values()) == {403}
    factory = cast.user("factory")
    factory.organisation = cast.quarry_enterprise
    factory.save()
    client.force_login(factory)
    assert client.post(take, {"key": "x"}).status_code == 404


def test_a_name_taken_over_is_closed_when_the_factory_marks_the_solution_later(
    cast, client, verified, report, fan
):
    factory = cast.user("factory")
    take_over(factory, report, key_of(factory, report))
    option = Option.objects.get(pk=fan.pk)
    options.change_option(cast.user("expert"), option, {"confidential": True}, option.version)
    base = f"/bao-cao/nam/{report.facility.code}/{report.year}/{report.revision}/"
    for role, open_ in (("factory", True), ("expert", True), ("department", False), ("leader", False)):
        client.force_login(cast.user(role))
        page = client.get(base).text
        assert ("Biến tần quạt lò" in page) == open_, role
        assert ("Giải pháp GP-01 (" in page) != open_, role
        told = client.get(f"/api/v1/reports/{report.facility.code}/{report.year}/{report.revision}").text
        assert ("Biến tần quạt lò" in json.loads(told)["solutions"][0]["name"]) == open_, role
        book = load_workbook(io.BytesIO(client.get(f"{base}tep/").content))
        cells = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
        assert ("Biến tần quạt lò" in cells) == open_, role
    assert report.solutions.get().name == "Biến tần quạt lò"  # what is stored stays
