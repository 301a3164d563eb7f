"""Options of an assessment: taken up, refused, merged, put away, valued; the calculators that make them."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils.translation import override
from docx import Document

from sachhon.apps.assessment.calculators import CALCULATORS, run
from sachhon.apps.assessment.calculators.words import step_word
from sachhon.apps.assessment.documents import detailed
from sachhon.apps.assessment.models import Kind, Option, OptionState, Origin, RowChange
from sachhon.apps.assessment.services import equipment, library, opening
from sachhon.apps.assessment.services import options as services
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.options import NotCleanerProduction
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Figure, Record
from sachhon.apps.registry.queries.lineage import explain

NOW = datetime.datetime(2026, 7, 1, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def assessment(cast):
    """A detailed assessment of the brick works over 2025, led by the Centre, the expert in its team."""
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
def bills(cast):
    """Twelve months of electricity: 50 MWh at 2,000 dong."""
    return [
        Record.objects.create(
            facility=cast.brick,
            year=2025,
            month=m,
            flow="consumption",
            resource=cast.electricity,
            quantity=50_000,
            cost_vnd=100_000_000,
        )
        for m in range(1, 13)
    ]


def lights(cast, assessment, **values):
    given = {
        "name": "Thay đèn LED",
        "group": "equipment_modification",
        "savings": {"electricity": {"low": 8000, "likely": 10000, "high": 12000}},
        "economic": {"investment_likely": 40_000_000, "life_years": 8, "tax_pct": 0, "inflation_pct": 0},
    }
    return services.add_option(cast.user("expert"), assessment, given | values)


def test_an_option_is_valued_with_the_facilitys_own_price_and_says_where_from(cast, assessment, bills):
    option = lights(cast, assessment)
    result = option.result
    assert result["saving_vnd"] == pytest.approx([16e6, 20e6, 24e6])
    assert result["simple_payback"] == pytest.approx(2.0)
    # 20 million a year for 8 years at 12 %: factor 4.96764 (any annuity table)
    assert result["npv"] == pytest.approx(20e6 * 4.96764 - 40e6, rel=1e-5)
    assert result["npv_low"] < result["npv"] < result["npv_high"]
    figure = Figure.objects.get(code=f"option:{option.pk}:npv")
    assert float(figure.value) == pytest.approx(result["npv"])
    assert figure.records["count"] == 12
    assert {f["code"] for f in figure.facts} == {"finance.discount_rate"}


def test_without_bills_the_reference_price_makes_the_range_wider_and_is_named(cast, assessment):
    option = lights(cast, assessment, savings={"electricity": {"likely": 10000}})
    bars = {bar[0] for bar in option.result["tornado"]}
    assert bars == {"p:electricity"}
    assert any(f["code"] == "prices.electricity" for f in option.result["facts"])


def test_what_is_not_cleaner_production_is_refused_with_the_methods_reason(cast, assessment):
    with pytest.raises(NotCleanerProduction, match="xử lý"):
        services.add_option(
            cast.user("expert"), assessment, {"name": "Xây trạm xử lý nước thải", "group": "housekeeping"}
        )
    with pytest.raises(NotCleanerProduction):
        services.refuse_not_cp("", kind="dilution")
    for words in ("Giảm chi phí xử lý nước thải bằng rửa ngược dòng", "Giảm nước thải ở bể mạ"):
        services.refuse_not_cp(words)
    assert not Option.objects.exists()


def test_two_people_in_different_fields_are_merged_and_in_one_field_shown_side_by_side(
    cast, assessment, bills
):
    option = lights(cast, assessment)
    expert, centre = cast.user("expert"), cast.user("centre")
    first = services.change_option(expert, option, {"name": "Thay đèn LED toàn xưởng"}, option.version)
    # the other person's form still has the old name and version
    merged = services.change_option(
        centre, option, {"name": "Thay đèn LED", "cause": "Đèn cũ"}, option.version
    )
    assert (merged.name, merged.cause) == ("Thay đèn LED toàn xưởng", "Đèn cũ")
    with pytest.raises(Collision) as told:
        services.change_option(centre, option, {"name": "LED", "place": "Kho"}, option.version)
    assert [(c.field, c.mine, c.theirs) for c in told.value.clashes] == [
        ("name", "LED", "Thay đèn LED toàn xưởng")
    ]
    assert told.value.merged == {"name": "LED", "place": "Kho"}
    kept = services.change_option(centre, option, told.value.merged, told.value.version, keep=["name"])
    assert (kept.name, kept.place) == ("Thay đèn LED toàn xưởng", "Kho")
    assert first.version < kept.version
    assert RowChange.objects.filter(row=f"option:{option.pk}").count() == 4


def test_two_resources_of_one_option_do_not_collide(cast, assessment, bills):
    option = lights(cast, assessment)
    services.change_option(
        cast.user("expert"),
        option,
        {"savings": {"electricity": {"likely": 10000}, "water_tap": {"likely": 50}}},
        option.version,
    )
    merged = services.change_option(
        cast.user("centre"),
        option,
        {"savings": {**option.savings, "diesel": {"likely": 100}}},
        option.version,
    )
    assert set(merged.savings) == {"electricity", "water_tap", "diesel"}
    assert merged.savings["electricity"]["low"] == "10000"


def test_dropping_needs_a_reason_and_a_saving_goes_from_least_to_most(cast, assessment):
    option = lights(cast, assessment)
    with pytest.raises(AssessmentError):
        services.change_option(cast.user("expert"), option, {"screening": "drop"}, option.version)
    with pytest.raises(AssessmentError):
        services.change_option(
            cast.user("expert"),
            option,
            {"savings": {"electricity": {"low": 5, "likely": 3, "high": 9}}},
            option.version,
        )
    assert Option.objects.get().screening == "open"


def test_more_use_is_a_worsening_that_is_kept(cast, assessment, bills):
    option = lights(cast, assessment, savings={"electricity": {"low": -3000, "likely": -2000, "high": -1000}})
    assert option.result["saving_vnd"][1] == pytest.approx(-4e6)
    assert option.result["payback"] is None
    assert option.result["npv"] < 0
    assert option.result["co2_t"][1] < 0


def test_a_worsening_without_investment_has_no_payback(cast, assessment, bills):
    more = {"electricity": {"low": -900, "likely": -600, "high": -300}}
    option = lights(cast, assessment, savings=more, economic={"investment_likely": 0, "life_years": 8})
    assert option.result["saving_vnd"][1] < 0
    assert (option.result["payback"], option.result["simple_payback"]) == (None, None)
    assert (option.result["payback_low"], option.result["payback_high"]) == (None, None)


def test_each_range_says_how_sure_it_is(cast, assessment, bills):
    option = lights(cast, assessment)
    drawn = Figure.objects.get(code=f"option:{option.pk}:npv")
    entered = Figure.objects.get(code=f"option:{option.pk}:saving")
    assert (drawn.level, entered.level) == (90, None)
    reader = cast.user("expert")
    assert explain(reader, drawn).interval.startswith("Khoảng tin cậy 90%")
    assert explain(reader, entered).interval.startswith("Từ mức thấp nhất đến cao nhất")


def test_an_option_put_away_comes_back_with_its_figures(cast, assessment, bills):
    option = lights(cast, assessment)
    services.delete_option(cast.user("expert"), option, now=NOW)
    with pytest.raises(AssessmentError, match="GP-01"):
        services.change_option(cast.user("centre"), option, {"name": "LED"}, option.version)
    back = services.restore_option(cast.user("centre"), option)
    assert back.deleted_at is None
    assert Figure.objects.filter(code=f"option:{option.pk}:npv").exists()
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"option.delete", "option.restore"}


def test_whoever_was_taken_off_saves_nothing(cast, assessment):
    option = lights(cast, assessment)
    opening.remove_member(cast.user("centre"), assessment.members.get(user=cast.user("expert")))
    with pytest.raises(NotYours):
        services.change_option(cast.user("expert"), option, {"name": "LED"}, option.version)
    assert Option.objects.get().name == "Thay đèn LED"


def values_of(code):
    """The inputs a form begins with; what has no beginning is 50 (1 for minutes)."""
    found = {}
    for f in CALCULATORS[code].fields:
        value = f.initial
        if f.kind == "choice":
            value = value or f.choices("vi")[0][0]
        elif value is None:
            value = 1.0 if f.name.endswith("_min") and f.name != "capacity_m3_min" else 50.0
        elif f.kind == "percent":
            value = float(value) / 100
        found[f.name] = value
    return found


@pytest.mark.parametrize("code", CALCULATORS)
def test_every_calculator_runs_keeps_its_facts_and_widens_with_uncertainty(code):
    calculator, values = CALCULATORS[code], values_of(code)
    sure, unsure = run(calculator, values, 0.0), run(calculator, values, 0.1)
    assert sure.low == sure.likely == sure.high == unsure.likely
    if sure.likely:
        assert unsure.low < unsure.likely < unsure.high
        assert sum(unsure.shares.values()) == pytest.approx(1)
    for fact in calculator.facts(values):
        assert fact.source
    resource = calculator.resource_of(values)
    assert services.refuse_not_cp(str(calculator.title)) is None
    assert resource


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("code", CALCULATORS)
def test_every_step_of_every_calculator_has_words(code, lang):
    sheet = run(CALCULATORS[code], values_of(code), 0.0).sheet
    with override(lang):
        words = [step_word(step.name) for step in sheet.steps]
    assert words
    assert [w for w in words if "_" in w or w in {s.name for s in sheet.steps}] == []


def test_a_saving_that_does_not_go_one_way_names_the_resource_in_words(cast, assessment, bills):
    option = lights(cast, assessment)
    row = {"low": "5", "likely": "3", "high": "9"}
    with pytest.raises(AssessmentError, match="Mức tiết kiệm Điện lưới phải"):
        services.change_option(cast.user("expert"), option, {"savings": {"electricity": row}}, option.version)


def test_a_run_is_kept_with_its_steps_and_makes_an_option(cast, assessment, bills):
    values = {
        "capacity_m3_min": 10.0,
        "load_min": 1.0,
        "idle_min": 3.0,
        "power_kw": 60.0,
        "hours": 6000.0,
        "repaired": 0.5,
    }
    kept = equipment.run_calculator(
        cast.user("expert"), assessment, "air_leak", values, relative=0.1, label="Trạm khí nén"
    )
    # leaks take a quarter of the capacity: 60 kW × 1/4 × 6000 h = 90 MWh, half of it repaired
    assert kept.saving["likely"] == pytest.approx(45_000)
    assert {s["name"]: s["value"] for s in kept.steps}["leak_share"] == pytest.approx(0.25)
    option = equipment.option_of_run(cast.user("expert"), kept)
    assert (option.origin, option.origin_code, option.state) == (
        Origin.EQUIPMENT,
        f"run:{kept.pk}",
        OptionState.IDEA,
    )
    assert float(option.savings["electricity"]["likely"]) == pytest.approx(45_000)


def test_an_input_that_cannot_be_is_told_and_nothing_is_kept(cast, assessment):
    values = values_of("steam_leak") | {"efficiency": 1.4}
    with pytest.raises(AssessmentError, match="efficiency"):
        equipment.run_calculator(cast.user("expert"), assessment, "steam_leak", values)
    assert not assessment.runs.exists()


def test_the_pages_take_an_idea_to_a_value(client, cast, assessment, bills):
    client.force_login(cast.user("expert"))
    base = f"/danh-gia/{assessment.pk}/giai-phap/"
    page = client.post(
        f"{base}them/",
        {
            "name": "Thay đèn LED",
            "group": "equipment_modification",
            "screening": "study",
            "saving-0-resource": "electricity",
            "saving-0-low": "8.000",
            "saving-0-likely": "10.000",
            "saving-0-high": "12.000",
        },
        follow=True,
    )
    option = Option.objects.get()
    assert option.savings["electricity"]["likely"] == "10000"
    assert f"{base}1/" in page.redirect_chain[-1][0]
    sheet = {"version": option.version, "investment_likely": "40.000.000", "life_years": "8"}
    page = client.post(f"{base}1/kha-thi/economic/", sheet, follow=True)
    assert "40,0" in page.text
    assert f"option:{option.pk}:npv" in page.text
    listed = client.get(base)
    assert "GP-01" in listed.text
    told = client.post(
        f"{base}them/", {"name": "Xây trạm xử lý nước thải", "group": "housekeeping", "screening": "open"}
    )
    assert "không phải sản xuất sạch hơn" in told.text
    client.post(f"{base}1/cat/")
    assert client.get(base).text.count("Lấy lại") == 1


def test_a_collision_is_shown_on_the_page_and_theirs_can_be_kept(client, cast, assessment):
    option = lights(cast, assessment)
    services.change_option(cast.user("centre"), option, {"name": "Tên của Trung tâm"}, option.version)
    client.force_login(cast.user("expert"))
    url = f"/danh-gia/{assessment.pk}/giai-phap/1/sua/"
    sent = {
        "version": option.version,
        "name": "Tên của chuyên gia",
        "group": option.group,
        "screening": "open",
    }
    page = client.post(url, sent)
    assert "Tên của Trung tâm" in page.text
    assert "Tên của chuyên gia" in page.text
    newest = Option.objects.get().version
    client.post(url, sent | {"version": newest, "keep": "name"})
    assert Option.objects.get().name == "Tên của Trung tâm"


def test_a_trade_secret_shows_its_figures_and_not_its_words_to_the_department(
    client, cast, assessment, bills
):
    option = lights(cast, assessment, confidential=True, description="Công thức men bí mật")
    for role, open_ in (("factory", True), ("expert", True), ("department", False)):
        client.force_login(cast.user(role))
        text = client.get(f"/danh-gia/{assessment.pk}/giai-phap/{option.number}/").text
        assert ("Công thức men bí mật" in text) == open_
        assert ("Thay đèn LED" in text) == open_
        assert f"option:{option.pk}:npv" in text


def test_nothing_names_an_option_of_the_library_that_is_a_trade_secret(client, cast, assessment, bills):
    option = lights(cast, assessment, confidential=True)
    Option.objects.filter(pk=option.pk).update(origin="library", origin_code="CON-02@1")
    client.force_login(cast.user("department"))
    assert "CON-02" not in client.get(f"/danh-gia/{assessment.pk}/giai-phap/{option.number}/").text
    assert "Thay đèn LED" not in client.get(f"/co-so/so-nay/option:{option.pk}:saving/").text
    assert "Thay đèn LED" not in client.get("/con-nguoi/lich-su/?verb=option.").text
    assert "GP-01" in client.get("/con-nguoi/lich-su/?verb=option.").text
    shown = [o.taken for o in library.offers(cast.user("department"), assessment)]
    assert True not in shown
    client.force_login(cast.user("expert"))
    assert "CON-02 (v1)" in client.get(f"/danh-gia/{assessment.pk}/giai-phap/{option.number}/").text
    assert (
        "Thay đèn LED" in client.get(f"/co-so/so-nay/option:{option.pk}:saving/").text or option.confidential
    )


def test_a_facility_shows_its_solutions_with_their_state_and_no_trade_secret(client, cast, assessment, bills):
    option = lights(cast, assessment, screening="study")
    dropped = lights(cast, assessment, name="Việc đã loại", screening="drop", screening_reason="không đáng")
    page = reverse("registry:facility", args=[cast.brick.code])
    client.force_login(cast.user("department"))
    text = client.get(page).text
    assert reverse("assessment:option", args=[assessment.pk, option.number]) in text
    assert "Thay đèn LED" in text
    assert "Nghiên cứu" in text
    assert dropped.name not in text
    services.change_option(cast.user("expert"), option, {"confidential": True}, option.version)
    assert "Thay đèn LED" not in client.get(page).text
    client.force_login(cast.user("factory"))
    assert "Thay đèn LED" in client.get(page).text


def test_a_price_nobody_knows_is_asked_for(cast, assessment):
    option = lights(cast, assessment, savings={"gypsum": {"likely": 5}})
    assert option.result == {"problem": "no_price", "resource": "gypsum"}


def test_the_report_lists_its_figures_with_their_codes_in_an_annex(cast, assessment, bills):
    option = lights(cast, assessment)
    hidden = lights(cast, assessment, name="Men bí mật", confidential=True)
    for role, others in (("expert", True), ("department", False)):
        made = detailed.report(cast.user(role), assessment, "vi", "docx")
        document = Document(io.BytesIO(made))
        assert any("Phụ lục: số liệu từ đâu" in p.text for p in document.paragraphs)
        annex = next(t for t in document.tables if t.cell(0, 0).text == "Số liệu")
        rows = {row.cells[3].text: row.cells[0].text for row in annex.rows[1:]}
        assert {f"option:{option.pk}:{kind}" for kind in ("npv", "saving", "payback")} <= set(rows)
        assert (f"option:{hidden.pk}:npv" in rows) == others
