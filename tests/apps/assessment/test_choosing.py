"""Choosing under a budget, carrying out, verifying, signing: the steps 4 to 6 of a detailed assessment."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from tests.apps.assessment import flow_making

from sachhon.apps.assessment.documents import detailed
from sachhon.apps.assessment.models import Kind, Option, OptionState, RowChange, StepSign, VerificationState
from sachhon.apps.assessment.plugs import today_items
from sachhon.apps.assessment.queries.verified import verified_savings
from sachhon.apps.assessment.services import choosing, library, opening, plan, signing, verifying
from sachhon.apps.assessment.services import options as services
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError, NotYours
from sachhon.apps.guidance.services.seeding import sync_library as take_in
from sachhon.apps.registry.models import Figure, Product, Record
from sachhon.documents.paper_xlsx import paper_tables

TODAY = datetime.date(2026, 7, 1)
NOW = datetime.datetime(2026, 7, 1, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def assessment(cast):
    found = opening.open_assessment(
        cast.user("centre"),
        cast.brick,
        Kind.DETAILED,
        data_from=datetime.date(2025, 1, 1),
        data_to=datetime.date(2025, 12, 31),
    )
    opening.add_member(cast.user("centre"), found, cast.user("expert"))
    return found


@pytest.fixture
def records(cast):
    """18 months: electricity is 10 MWh + 40 kWh a thousand bricks, from January 2026 a tenth less than that."""
    bricks = Product.objects.create(facility=cast.brick, name="Gạch đặc", unit="k_vien")
    for i in range(18):
        year, month = 2025 + i // 12, i % 12 + 1
        made = 800 + 37 * (i * 7 % 11)
        wobble = 1 + 0.01 * ((i * 5 % 7) - 3) / 3
        used = (10_000 + 40 * made) * wobble * (0.9 if year == 2026 else 1.0)
        common = {"facility": cast.brick, "year": year, "month": month}
        Record.objects.create(**common, flow="output", product=bricks, quantity=made)
        Record.objects.create(
            **common,
            flow="consumption",
            resource=cast.electricity,
            quantity=round(used, 3),
            cost_vnd=round(used * 2000),
        )


def add(cast, assessment, name, kwh, million, **values):
    given = {
        "name": name,
        "group": "equipment_modification",
        "savings": {"electricity": {"likely": kwh}},
        "economic": {"investment_likely": million * 1_000_000, "life_years": 8, "tax_pct": 0},
    }
    return services.add_option(cast.user("expert"), assessment, given | values)


@pytest.fixture
def three(cast, assessment, records):
    """A cheap good one, a dear good one, one that does not pay."""
    return [
        add(cast, assessment, "Sửa rò rỉ khí nén", 20_000, 10),
        add(cast, assessment, "Biến tần quạt lò", 60_000, 150),
        add(cast, assessment, "Thay máy mới", 1_000, 500),
    ]


def test_the_budget_decides_what_is_in_and_each_has_its_reason(cast, assessment, three):
    small, large = choosing.choose(assessment, 20), choosing.choose(assessment, None)
    assert [c.inside for c in small.candidates] == [True, False, False]
    assert [c.inside for c in large.candidates] == [True, True, False]
    assert small.cost == 10
    assert "GP-02" in small.candidates[1].reason_vi
    assert "không đủ" in small.candidates[1].reason_vi
    assert "không có lợi" in large.candidates[2].reason_vi
    # both save electricity: together less than the sum of the two (overlap on the year's use)
    alone = sum(o.result["npv"] / 1e6 for o in three[:2])
    assert large.totals["value"] < alone
    assert large.totals["co2_t"] < sum(o.result["co2_t"][1] for o in three[:2])


def test_each_of_many_options_on_one_resource_saves_of_what_the_others_left_while_they_live(
    cast, assessment, records
):
    lives = (4, 8, 12, 8)
    four = [
        add(cast, assessment, f"Giải pháp {years} năm ({i})", 150_000, 10, economic=_economic(years))
        for i, years in enumerate(lives)
    ]
    found = choosing.choose(assessment, None)
    assert all(c.inside for c in found.candidates)
    use = sum(Record.objects.filter(year=2025, flow="consumption").values_list("quantity", flat=True))
    left = 1 - 150_000 / float(use)
    each = four[0].result["toe"][1]
    assert found.totals["toe"] == pytest.approx(each * (1 - left**4) / (1 - left), rel=1e-6)
    price, real = four[0].result["prices"]["electricity"] / 1e6, 1.12 / (1 + four[0].result["inflation"]) - 1
    value = -sum(o.result["investment"][1] / 1e6 for o in four)
    for year in range(1, 13):
        alive = sum(years >= year for years in lives)
        value += price * float(use) * (1 - left**alive) / (1 + real) ** year
    assert found.totals["value"] == pytest.approx(value, rel=1e-6)


def _economic(years):
    return {"investment_likely": 10_000_000, "life_years": years, "tax_pct": 0}


def test_only_one_of_a_group_and_what_is_needed_first(cast, assessment, records):
    add(cast, assessment, "Lò A", 20_000, 10, excludes="lò")
    add(cast, assessment, "Lò B", 30_000, 10, excludes="lò")
    add(cast, assessment, "Bộ điều khiển", 90_000, 20, needs=[1])
    found = choosing.choose(assessment, None)
    inside = {c.option.code for c in found.candidates if c.inside}
    assert inside == {"GP-01", "GP-03"}  # the controller is worth more than the better kiln
    assert "GP-01" in next(c for c in found.candidates if c.option.code == "GP-02").reason_vi


def test_a_decision_is_kept_as_it_was_and_moves_the_options(cast, assessment, three):
    centre = cast.user("centre")
    kept = choosing.decide(centre, assessment, 20, "value", today=TODAY)
    states = lambda: [o.state for o in Option.objects.order_by("number")]  # noqa: E731
    assert states() == [OptionState.CHOSEN, OptionState.IDEA, OptionState.IDEA]
    assert [r["in"] for r in kept.rows] == [True, False, False]
    choosing.decide(centre, assessment, None, "value", today=TODAY)
    assert states() == [OptionState.CHOSEN, OptionState.CHOSEN, OptionState.IDEA]
    first = Option.objects.get(number=1)
    assert services.delete_option(centre, first, now=NOW)  # told which choices have it
    kept.refresh_from_db()
    assert kept.rows[0]["name"] == "Sửa rò rỉ khí nén"
    with pytest.raises(AssessmentError):
        choosing.decide(centre, assessment, 0, "value", today=TODAY)


def test_the_report_says_of_a_choice_what_became_of_a_solution_put_away_since(cast, assessment, three):
    centre = cast.user("centre")
    choosing.decide(centre, assessment, None, "value", today=TODAY)
    first = Option.objects.get(number=1)
    services.delete_option(centre, first, now=NOW)
    rows = lambda: [  # noqa: E731
        row
        for t in paper_tables(detailed.paper(centre, assessment, "vi"))
        if t.code == "choice"
        for row in t.rows
    ]
    assert rows()[0][:3] == ("GP-01", "Sửa rò rỉ khí nén", "chọn – sau đó đã cất")
    services.restore_option(centre, first)
    assert rows()[0][2] == "chọn"


def test_the_reason_of_a_choice_is_said_in_the_language_of_the_page(client, cast, assessment, three):
    kept = choosing.decide(cast.user("centre"), assessment, 20, "value", today=TODAY)
    vi, en = (kept.rows[0][f"reason_{lang}"] for lang in ("vi", "en"))
    client.force_login(cast.user("expert"))
    pages = [reverse("assessment:option", args=[assessment.pk, kept.rows[0]["number"]])]
    for page in pages:
        assert escape(vi) in client.get(page).text
    client.post("/ngon-ngu/", {"language": "en"})
    for page in pages:
        english = client.get(page).text
        assert escape(en) in english
        assert escape(vi) not in english


def test_the_page_of_the_choice_and_its_part_for_the_slider(client, cast, assessment, three):
    client.force_login(cast.user("expert"))
    url = reverse("assessment:choice", args=[assessment.pk])
    whole = client.get(url)
    part = client.get(url, {"budget": "20"}, headers={"HX-Request": "true", "HX-Target": "choice"})
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert "Chọn 1 trên 3" in part.text
    assert whole.text.count("<svg") > part.text.count("<svg") - 5
    assert "Chọn 2 trên 3" in client.get(url, {"exact": "1.000"}).text
    client.post(reverse("assessment:decide", args=[assessment.pk]), {"budget": "20", "aim": "value"})
    assert Option.objects.get(number=1).state == OptionState.CHOSEN


def carried_out(cast, assessment, option):
    expert = cast.user("expert")
    for action in ("choose", "begin", "finish"):
        option = plan.move_option(expert, option, action, today=TODAY)
    return option


def test_states_move_by_the_table_once_and_a_drop_says_why(cast, assessment, three):
    expert = cast.user("expert")
    with pytest.raises(AlreadyMoved):
        plan.move_option(expert, three[0], "finish", today=TODAY)
    done = carried_out(cast, assessment, three[0])
    assert (done.state, done.done_on) == (OptionState.DONE, TODAY)
    with pytest.raises(AlreadyMoved):
        plan.move_option(expert, three[0], "drop", today=TODAY, reason="Thôi")
    with pytest.raises(AssessmentError):
        plan.move_option(expert, three[1], "drop", today=TODAY)
    dropped = plan.move_option(expert, three[1], "drop", today=TODAY, reason="Thiếu vốn")
    assert (dropped.state, dropped.state_reason) == (OptionState.DROPPED, "Thiếu vốn")
    history = RowChange.objects.filter(row=f"option:{three[0].pk}").values_list("after", flat=True)
    assert [h["state"] for h in reversed(history) if "state" in h] == ["chosen", "in_progress", "done"]


def test_a_change_of_plan_says_why_and_stays_readable(client, cast, assessment, three):
    expert, option = cast.user("expert"), three[0]
    plan.move_option(expert, option, "choose", today=TODAY)
    option.refresh_from_db()
    first = {
        "responsible": "Ông Nam",
        "starts_on": datetime.date(2026, 8, 1),
        "ends_on": datetime.date(2026, 9, 1),
    }
    planned = plan.plan_option(expert, option, first, option.version)
    later = {"ends_on": datetime.date(2026, 10, 1)}
    with pytest.raises(AssessmentError, match="lý do"):
        plan.plan_option(expert, planned, later, planned.version)
    moved = plan.plan_option(expert, planned, later, planned.version, reason="Chờ thiết bị")
    assert moved.ends_on == later["ends_on"]
    assert not plan.is_late(moved, datetime.date(2026, 9, 15))
    assert plan.is_late(moved, datetime.date(2026, 10, 2))
    (item,) = today_items(expert, 2026, datetime.date(2026, 10, 2))
    assert (item.count, item.due_date) == (1, later["ends_on"])
    assert today_items(cast.user("department"), 2026, datetime.date(2026, 10, 2)) == []
    client.force_login(cast.user("factory"))
    page = client.get(reverse("assessment:option", args=[assessment.pk, option.number])).text
    assert "Chờ thiết bị" in page
    assert "01/09/2026 → 01/10/2026" in page
    assert "Ông Nam" in client.get(reverse("assessment:plan_of_action", args=[assessment.pk])).text


PERIODS = {
    "baseline_from": datetime.date(2025, 1, 1),
    "baseline_to": datetime.date(2025, 12, 31),
    "report_from": datetime.date(2026, 1, 1),
    "report_to": datetime.date(2026, 6, 30),
    "confidence": 90,
}


def measured(cast, assessment, option, **changes):
    row = verifying.plan_verification(
        cast.user("expert"), assessment, [option], PERIODS | {"resource": cast.electricity} | changes
    )
    return verifying.compute(cast.user("expert"), row)


def test_a_saving_is_verified_against_the_baseline_and_offered_to_the_annual_report(cast, assessment, three):
    option = carried_out(cast, assessment, three[1])
    row = measured(cast, assessment, option)
    result = row.result
    # the months of 2026 use a tenth less than the relation of 2025 by construction
    assert result["relative"] == pytest.approx(0.1, abs=0.01)
    assert (result["verdict"], row.state) == ("saved", VerificationState.COMPUTED)
    assert result["low"] < result["saving"] < result["high"]
    assert result["vnd"] == pytest.approx(result["saving"] * 2000, rel=1e-3)
    assert result["signals"][0][:2] == [2026, 1]
    with pytest.raises(NotYours):
        verifying.judge(cast.user("expert"), row, verified=True, note="", version=row.version, now=NOW)
    judged = verifying.judge(
        cast.user("centre"), row, verified=True, note="Đọc công tơ riêng", version=row.version, now=NOW
    )
    option.refresh_from_db()
    assert (judged.state, option.state) == (VerificationState.VERIFIED, OptionState.VERIFIED)
    figure = Figure.objects.get(code=f"verified:{row.pk}")
    assert figure.state == Figure.State.VERIFIED
    assert figure.records["count"] == 36
    (offer,) = verified_savings(cast.user("factory"), cast.brick, 2026)
    assert (offer.option, offer.saving_vnd) == (option, result["vnd"])
    assert verified_savings(cast.user("factory"), cast.brick, 2025) == []
    with pytest.raises(AlreadyMoved):
        verifying.judge(cast.user("centre"), judged, verified=False, note="x", version=row.version, now=NOW)
    back = verifying.take_back(cast.user("centre"), judged, reason="Công tơ hỏng", now=NOW)
    option.refresh_from_db()
    assert (back.state, option.state) == (VerificationState.COMPUTED, OptionState.DONE)
    assert verified_savings(cast.user("factory"), cast.brick, 2026) == []


def test_a_worsening_is_told_kept_and_does_not_verify_the_option(client, cast, assessment, three):
    Record.objects.filter(year=2026, resource=cast.electricity).update(quantity=70_000)
    option = carried_out(cast, assessment, three[1])
    row = measured(cast, assessment, option)
    assert row.result["verdict"] == "worse"
    assert row.result["saving"] < 0
    verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=NOW)
    option.refresh_from_db()
    assert option.state == OptionState.DONE
    (offer,) = verified_savings(cast.user("centre"), cast.brick, 2026)
    assert offer.saving_vnd < 0
    client.force_login(cast.user("factory"))
    text = client.get(reverse("assessment:verification", args=[assessment.pk, row.pk])).text
    assert "Kết quả xấu đi" in text


def test_without_a_model_or_months_it_says_what_to_do(cast, assessment, three):
    few = measured(cast, assessment, three[0], baseline_from=datetime.date(2025, 9, 1))
    assert few.result["problem"] == "no_model"
    assert "cần ít nhất 12" in few.result["tried_vi"][0]
    none = measured(
        cast,
        assessment,
        three[0],
        report_from=datetime.date(2027, 1, 1),
        report_to=datetime.date(2027, 2, 1),
    )
    assert none.result == {"problem": "no_months"}
    with pytest.raises(AssessmentError):
        verifying.judge(cast.user("centre"), none, verified=True, note="", version=1, now=NOW)
    with pytest.raises(AssessmentError):
        measured(cast, assessment, three[0], report_from=datetime.date(2025, 6, 1))


def test_the_six_steps_are_signed_in_order_by_the_lead(client, cast, assessment):
    centre = cast.user("centre")
    with pytest.raises(NotYours):
        signing.sign_step(cast.user("expert"), assessment, 1)
    with pytest.raises(AssessmentError):
        signing.sign_step(centre, assessment, 2)
    signing.sign_step(centre, assessment, 1, note="Đủ thành viên")
    flow_making.add(cast.user("expert"), assessment, "process", name="Tạo hình")
    signing.sign_step(centre, assessment, 2)
    with pytest.raises(AlreadyMoved):
        signing.sign_step(centre, assessment, 2)
    client.force_login(cast.user("factory"))
    text = client.get(reverse("assessment:assessment", args=[assessment.pk])).text
    assert "Đủ thành viên" in text
    signing.withdraw_step(centre, assessment, 1, reason="Đổi nhóm", now=timezone.now())
    assert not StepSign.objects.filter(withdrawn_at=None).exists()
    assert StepSign.objects.count() == 2


def test_the_report_is_there_at_every_stage_and_says_what_is_not_reached(client, cast, assessment, three):
    client.force_login(cast.user("factory"))
    address = f"/danh-gia/{assessment.pk}/bao-cao-chi-tiet"

    def told():
        body = client.get(f"{address}.docx").content
        return "\n".join(
            [p.text or "" for p in Document(io.BytesIO(body)).element.body.iter(qn("w:t"))]  # tables too
        )

    early = told()
    assert early.count("Chưa thực hiện đến bước này.") == 3  # analysis, plan, verification
    option = carried_out(cast, assessment, three[1])
    choosing.decide(cast.user("centre"), assessment, 20, "value", today=TODAY)
    row = measured(cast, assessment, option)
    verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=NOW)
    late = told()
    assert late.count("Chưa thực hiện đến bước này.") == 1
    assert "Biến tần quạt lò" in late
    assert client.get(f"{address}.pdf").content.startswith(b"%PDF")
    sheets = load_workbook(io.BytesIO(client.get(f"{address}.xlsx").content))
    assert len(sheets.sheetnames) >= 8
    assert client.get(f"{address}.txt").status_code == 404


def test_an_option_of_the_library_is_pinned_and_put_onto_the_facilitys_use(client, cast, assessment, records):
    take_in()
    offer = next(o for o in library.offers(cast.user("expert"), assessment) if "electricity" in o.savings)
    client.force_login(cast.user("expert"))
    assert offer.option.name_vi in client.get(f"/danh-gia/{assessment.pk}/nguon/").text
    client.post(f"/danh-gia/{assessment.pk}/nguon/{offer.option.code}/")
    option = Option.objects.get()
    used = sum(float(r.quantity) for r in Record.objects.filter(year=2025, resource=cast.electricity))
    low, high = offer.option.saving_of_resource
    assert float(option.savings["electricity"]["low"]) == pytest.approx(used * low, rel=1e-3)
    assert float(option.savings["electricity"]["high"]) == pytest.approx(used * high, rel=1e-3)
    assert option.origin_code == f"{offer.option.code}@{offer.option.version}"
    assert option.origin_facts["source"] == offer.option.source

    assert next(
        o for o in library.offers(cast.user("expert"), assessment) if o.option.code == offer.option.code
    ).taken


def test_the_report_tells_how_many_solutions_its_totals_leave_out(client, cast, assessment, three):
    free = add(cast, assessment, "Tắt quạt khi nghỉ", 500, 0, economic={})
    unvalued = services.add_option(
        cast.user("expert"), assessment, {"name": "Đo lại", "group": "housekeeping", "savings": {}}
    )
    plan.move_option(cast.user("expert"), three[2], "drop", today=TODAY, reason="Không đủ vốn")
    choosing.decide(cast.user("centre"), assessment, None, "value", today=TODAY)
    client.force_login(cast.user("expert"))
    body = client.get(f"/danh-gia/{assessment.pk}/bao-cao-chi-tiet.docx").content
    text = " ".join(p.text or "" for p in Document(io.BytesIO(body)).element.body.iter(qn("w:t")))
    assert f"Chưa tính vốn của 1 giải pháp vì chưa nhập: {free.code}." in text
    assert "2 giải pháp chưa tính trong các tổng" in text
    assert f": {three[2].code}, {unvalued.code}." in text
    assert "bằng 0" not in text


def test_a_choice_shows_both_paybacks_and_says_where_no_investment_was_entered(
    client, cast, assessment, three
):
    given = {
        "name": "Tắt quạt khi nghỉ",
        "group": "housekeeping",
        "savings": {"electricity": {"likely": 500}},
    }
    services.add_option(cast.user("expert"), assessment, given)
    client.force_login(cast.user("expert"))
    page = client.get(reverse("assessment:choice", args=[assessment.pk])).text
    assert "Hoàn vốn giản đơn, trước thuế" in page
    assert "Hoàn vốn sau thuế và lãi vay" in page
    assert "Chưa nhập vốn đầu tư cho GP-04: chưa tính vốn nên luôn nằm trong ngân sách" in page
    free = Option.objects.get(number=4)
    services.change_option(cast.user("expert"), free, {"economic": {"investment_likely": 0}}, free.version)
    assert "Chưa nhập vốn đầu tư" not in client.get(reverse("assessment:choice", args=[assessment.pk])).text
