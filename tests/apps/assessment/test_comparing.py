"""Choosing a technology: criteria, hard limits, merging, the choice, the page, the report."""

import datetime
import io

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from sachhon.apps.assessment.documents import detailed
from sachhon.apps.assessment.models import Comparison, Kind, Option, OptionState
from sachhon.apps.assessment.services import comparing, opening
from sachhon.apps.assessment.services import options as services
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Figure

NOW = datetime.datetime(2026, 7, 1, 9, 0, tzinfo=datetime.UTC)
CRITERIA = {
    "c1": {
        "name": "Chất lượng",
        "kind": "technical",
        "unit": "%",
        "more": True,
        "weight": "40",
        "low": 70,
        "high": 100,
    },
    "c2": {"name": "Vốn", "kind": "economic", "figure": "investment", "weight": "40", "low": 0, "high": 1000},
    "c3": {
        "name": "Bụi",
        "kind": "environmental",
        "unit": "mg/Nm3",
        "more": False,
        "weight": "20",
        "most": 200,
    }
    | {"low": 0, "high": 200},
}


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


def kiln(cast, assessment, name, million):
    given = {
        "name": name,
        "group": "technology_change",
        "savings": {"electricity": {"likely": 20_000, "price_vnd": 2000}},
        "economic": {"investment_likely": million * 1_000_000, "life_years": 10},
    }
    return services.add_option(cast.user("expert"), assessment, given)


@pytest.fixture
def kilns(cast, assessment):
    """A vertical kiln (400 million), a tunnel kiln (800), and a zigzag kiln that is too dusty; two are options."""
    for name, million in (("Lò đứng", 400), ("Lò tuynel", 800)):
        kiln(cast, assessment, name, million)
    row = comparing.begin(cast.user("expert"), assessment, "Lò mới")
    values = {
        "name": "Lò mới",
        "criteria": CRITERIA,
        "alternatives": {
            "a1": {"name": "Lò đứng", "option": 1},
            "a2": {"name": "Lò tuynel", "option": 2},
            "a3": {"name": "Lò zigzag", "option": None},
        },
        "cells": {
            f"{a}:{c}": {"value": v, "source": "báo giá"}
            for a, figures in (("a1", (85, None, 150)), ("a2", (97, None, 40)), ("a3", (80, None, 400)))
            for c, v in zip(("c1", "c2", "c3"), figures, strict=True)
        },
    }
    return comparing.change(cast.user("expert"), row, values, row.version)


def test_on_a_phone_every_figure_stands_beside_the_alternative_it_is_of(client, cast, kilns):
    client.force_login(cast.user("expert"))
    page = client.get(reverse("assessment:comparison", args=[kilns.assessment_id, kilns.number])).text
    table = page[page.index('<table class="sheet sheet-cards comparison">') : page.index("</table>")]
    # three criteria and three lines at the foot, each with a figure of each kiln
    for name in ("Lò đứng", "Lò tuynel", "Lò zigzag"):
        assert table.count(f'data-label="{name}"') == 6
    assert "<td>" not in table.replace("<td></td>", "")


def test_the_usual_criteria_add_to_a_hundred_and_each_has_a_direction(cast, assessment):
    row = comparing.begin(cast.user("expert"), assessment, "Lò mới")
    assert sum(float(c["weight"]) for c in row.criteria.values()) == 100
    assert {c["kind"] for c in row.criteria.values()} == {"technical", "economic", "environmental"}
    assert {c["name"]: c["more"] for c in row.criteria.values() if c["figure"]} == {
        "Giá trị hiện tại ròng": True,
        "Vốn đầu tư": False,
        "CO₂ giảm mỗi năm": True,
    }


def test_scores_are_those_of_the_hand_and_take_the_money_of_the_sheets(cast, kilns):
    result = kilns.result
    # quality (85 − 70)/30 = 0.5, (97 − 70)/30 = 0.9; money (1000 − 400)/1000, (1000 − 800)/1000; dust 50/200, 160/200
    assert result["scores"]["a1"] == pytest.approx(100 * (0.4 * 0.5 + 0.4 * 0.6 + 0.2 * 0.25))
    assert result["scores"]["a2"] == pytest.approx(100 * (0.4 * 0.9 + 0.4 * 0.2 + 0.2 * 0.8))
    # the zigzag kiln has no investment and too much dust: told for both, never counted as 0
    assert {(o["criterion"], o["kind"]) for o in result["out"]} == {("c2", "missing"), ("c3", "most")}
    assert result["order"] == ["a2", "a1"]
    figure = Figure.objects.get(code=f"comparison:{kilns.pk}:a2")
    assert float(figure.value) == pytest.approx(60)
    assert any(t["symbol"] == "w_c2" and float(t["value"]) == 40 for t in figure.terms)


def test_another_investment_of_an_option_moves_the_score(cast, kilns):
    option = Option.objects.get(number=2)
    services.change_option(
        cast.user("expert"), option, {"economic": {"investment_likely": 100_000_000}}, option.version
    )
    kilns.refresh_from_db()
    assert kilns.result["scores"]["a2"] == pytest.approx(100 * (0.4 * 0.9 + 0.4 * 0.9 + 0.2 * 0.8))


def test_weights_that_do_not_add_to_a_hundred_are_told_and_nothing_is_stored(cast, kilns):
    wrong = {"criteria": CRITERIA | {"c1": CRITERIA["c1"] | {"weight": "50"}}}
    with pytest.raises(AssessmentError, match="110"):
        comparing.change(cast.user("expert"), kilns, wrong, kilns.version)
    kilns.refresh_from_db()
    assert kilns.criteria["c1"]["weight"] == "40"


def test_two_people_in_different_cells_are_merged_and_in_one_cell_shown(cast, kilns):
    cells = {place: dict(cell) for place, cell in kilns.cells.items()}
    first = cells | {"a1:c1": {"value": 90, "source": "đo"}}
    comparing.change(cast.user("expert"), kilns, {"cells": first}, kilns.version)
    second = cells | {"a2:c1": {"value": 99, "source": "đo"}}
    merged = comparing.change(cast.user("centre"), kilns, {"cells": second}, kilns.version)
    assert (merged.cells["a1:c1"]["value"], merged.cells["a2:c1"]["value"]) == ("90", "99")
    with pytest.raises(Collision) as clash:
        comparing.change(
            cast.user("centre"), kilns, {"cells": cells | {"a1:c1": {"value": 80}}}, kilns.version
        )
    assert [c.field for c in clash.value.clashes] == ["cells.a1:c1"]


def test_a_choice_needs_a_reason_where_it_is_not_first_and_becomes_an_option(cast, kilns):
    expert = cast.user("expert")
    with pytest.raises(AssessmentError, match="đứng đầu"):
        comparing.choose(expert, kilns, "a1", reason="", version=kilns.version, now=NOW)
    with pytest.raises(AssessmentError):
        comparing.choose(expert, kilns, "a3", reason="x", version=kilns.version, now=NOW)
    chosen = comparing.choose(expert, kilns, "a1", reason="Thiếu vốn", version=kilns.version, now=NOW)
    option = Option.objects.get(number=1)
    assert (chosen.chosen, option.state) == ("a1", OptionState.CHOSEN)
    assert {o.excludes for o in Option.objects.filter(number__in=(1, 2))} == {"SS-01"}
    assert chosen.decided["order"] == ["a2", "a1"]
    assert AuditEntry.objects.filter(verb="comparison.choose").exists()
    with pytest.raises(AssessmentError):
        comparing.choose(expert, kilns, "a2", reason="", version=kilns.version, now=NOW)
    values = {"criteria": {"c1": CRITERIA["c1"] | {"weight": "100"}}, "alternatives": kilns.alternatives}
    own = comparing.begin(expert, kilns.assessment, "Máy sấy")
    values["alternatives"] = {"a1": {"name": "Sấy bơm nhiệt"}, "a2": {"name": "Sấy hơi"}}
    values["cells"] = {"a1:c1": {"value": 90}, "a2:c1": {"value": 80}}
    own = comparing.change(expert, own, values, own.version)
    own = comparing.choose(expert, own, "a1", reason="", version=own.version, now=NOW)
    made = Option.objects.get(number=3)
    assert (made.name, own.alternatives["a1"]["option"]) == ("Máy sấy: Sấy bơm nhiệt", 3)
    assert made.origin_code == f"comparison:{own.pk}"


def test_who_is_not_of_the_team_changes_nothing(cast, kilns):
    with pytest.raises(NotYours):
        comparing.change(cast.user("factory"), kilns, {"name": "x"}, kilns.version)


def test_the_pages_take_a_comparison_to_a_choice(client, cast, assessment):
    kiln(cast, assessment, "Lò đứng", 400)
    kiln(cast, assessment, "Lò tuynel", 800)
    client.force_login(cast.user("expert"))
    url = reverse("assessment:comparisons", args=[assessment.pk])
    assert "Lập bảng so sánh" in client.get(url).text
    assert (
        client.post(reverse("assessment:begin_comparison", args=[assessment.pk]), {"name": "Lò"}).status_code
        == 302
    )
    row = Comparison.objects.get()
    edit = reverse("assessment:edit_comparison", args=[assessment.pk, row.number])
    assert client.get(edit).text.count("<details") >= len(row.criteria)
    sent = {"name": "Lò", "purpose": "", "version": row.version, "c1-name": "Vốn", "c1-kind": "economic"}
    sent |= {"c1-figure": "investment", "c1-weight": "60", "c2-name": "Chất lượng", "c2-kind": "technical"}
    sent |= {"c2-weight": "30", "c2-more": "1", "c2-figure": "", "a1-name": "Lò đứng", "a1-option": "1"}
    sent |= {"a2-name": "Lò tuynel", "a2-option": "2", "a1:c2-value": "85,5", "a2:c2-value": "97"}
    assert "90" in client.post(edit, sent).text  # the weights add to 90: told
    answer = client.post(edit, sent | {"c2-weight": "40"})
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(reverse("assessment:comparison", args=[assessment.pk, row.number])).text
    assert "Lò đứng đứng đầu." in page
    assert "85,5" in page
    assert page.count("<svg") > 3
    row.refresh_from_db()
    answer = client.post(
        reverse("assessment:choose_technology", args=[assessment.pk, row.number]),
        {"alternative": "a1", "version": row.version},
        follow=True,
    )
    assert "Đã chọn: Lò đứng" in answer.text
    client.force_login(cast.user("department"))
    assert client.get(reverse("assessment:comparison", args=[assessment.pk, row.number])).status_code == 200
    assert client.get(edit).status_code == 403


def test_a_trade_secret_is_closed_to_the_department_in_page_and_report(client, cast, kilns):
    option = Option.objects.get(number=2)
    services.change_option(cast.user("expert"), option, {"confidential": True}, option.version)
    kilns.refresh_from_db()
    client.force_login(cast.user("department"))
    page = client.get(reverse("assessment:comparison", args=[kilns.assessment.pk, kilns.number])).text
    assert "Lò tuynel" not in page
    assert "Bí mật" in page
    told = str(detailed.paper(cast.user("department"), kilns.assessment, "vi"))
    assert "Lò tuynel" not in told


@pytest.mark.parametrize(
    ("lang", "words"), [("vi", "Trọng số nào thì Lò tuynel vẫn đứng đầu"), ("en", "stays first")]
)
def test_the_report_has_the_comparison(cast, kilns, lang, words):
    document = Document(io.BytesIO(detailed.report(cast.user("expert"), kilns.assessment, lang, "docx")))
    told = "\n".join(p.text or "" for p in document.element.body.iter(qn("w:t")))
    assert words in told
    assert "SS-01. Lò mới" in told
    assert ("bị loại" if lang == "vi" else "ruled out") in told


def test_the_usual_criteria_are_said_in_the_language_of_the_reader(cast, client, settings, assessment):
    row = comparing.begin(cast.user("expert"), assessment, "Lò")
    row = comparing.change(
        cast.user("expert"),
        row,
        {"alternatives": {"a1": {"name": "Lò đứng"}, "a2": {"name": "Lò tuynel"}}},
        row.version,
    )
    client.force_login(cast.user("expert"))
    page = reverse("assessment:comparison", args=[assessment.pk, row.number])
    assert "Mức đã được kiểm chứng" in client.get(page).text
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    told = client.get(page).text
    assert "Proven elsewhere" in told
    assert "points 1–5" in told
    assert "Mức đã được kiểm chứng" not in told


def test_a_figure_typed_for_an_alternative_without_a_solution_counts_and_nothing_typed_is_passed_over(
    client, cast, kilns
):
    client.force_login(cast.user("expert"))
    url = reverse("assessment:edit_comparison", args=[kilns.assessment_id, kilns.number])

    def sent():
        form = client.get(url).context["form"]
        return {name: form[name].value() or "" for name in form.fields}

    # the zigzag kiln is no solution with sheets: its investment is typed, with its source
    kept = sent() | {"a3:c2-value": "250", "a3:c2-source": "báo giá 06/2026", "a3:c3-value": "150"}
    assert client.post(url, kept).status_code == 302
    kilns.refresh_from_db()
    assert kilns.cells["a3:c2"] == {"value": "250", "source": "báo giá 06/2026"}
    assert kilns.result["figures"]["a3"]["c2"] == 250
    assert kilns.result["figures"]["a1"]["c2"] == 400  # of its solution's sheet
    assert set(kilns.result["scores"]) == {"a1", "a2", "a3"}
    page = client.get(reverse("assessment:comparison", args=[kilns.assessment_id, kilns.number])).text
    assert "báo giá 06/2026" in page
    # what a solution's sheet says is not typed over in silence, nor a source without its figure dropped
    refused = client.post(url, sent() | {"a1:c2-value": "1", "a3:c1-value": ""})
    assert refused.status_code == 200
    told = refused.context["form"].errors
    assert "GP-01" in told["a1:c2-value"][0]
    assert "a3:c1-value" in told
    kilns.refresh_from_db()
    assert "a1:c2" not in kilns.cells
    assert kilns.cells["a3:c1"]["value"] == "80"
