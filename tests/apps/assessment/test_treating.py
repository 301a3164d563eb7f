"""Treatment of what is left: from a stream or typed, limits, chains, cleaner production before it, page, report."""

import datetime
import io

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from tests.apps.assessment.flow_making import add, measure, opened

from sachhon.apps.assessment import treatment_words
from sachhon.apps.assessment.documents import detailed
from sachhon.apps.assessment.models import Kind, Option, Treatment
from sachhon.apps.assessment.services import opening, treating
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.assessment.services.fingerprint import fingerprint
from sachhon.apps.assessment.services.flow.reconciling import reconcile
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.spoken import spoken
from sachhon.apps.assessment.services.treatment_stream import waste_streams
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Figure
from sachhon.science.treatment import Inlet, Removal, probability, through

NOW = datetime.datetime(2026, 7, 1, 9, 0, tzinfo=datetime.UTC)
VALUES = {
    "basis": {"flow": "40", "per_year": "300", "set": "qcvn40_2011", "column": "B", "receiver": "river"}
    | {"size": "30", "reliability": "90"},
    "contents": {
        "cod": {"mean": "2000", "cv": "30", "cut": "40", "source": "3 mẫu, 2026"},
        "mau": {"mean": "300"},
    },
    "cuts": {"flow": "20", "source": "GP-01, rửa ngược dòng"},
    "alternatives": {
        "a1": {"name": "Kỵ khí, hiếu khí", "steps": ["screening", "uasb", "activated_sludge"]},
        "a2": {"name": "Lắng", "steps": ["primary"]},
    },
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


@pytest.fixture
def dye(cast, assessment):
    row = treating.begin(cast.user("expert"), assessment, "Nước thải nhuộm", "wastewater")
    return treating.change(cast.user("expert"), row, VALUES, row.version)


def test_a_treatment_begins_with_chains_and_says_what_it_lacks(cast, assessment):
    row = treating.begin(cast.user("expert"), assessment, "Khói lò", "air")
    assert row.basis["set"] == "qcvn19_2009"
    assert len(row.alternatives) == 2
    assert all(a["steps"] for a in row.alternatives.values())
    assert row.result == {"problem": "no_discharge"}


def test_limits_outlets_and_money_are_those_of_the_hand(dye):
    now = dye.result["now"]
    assert now["limits"]["cod"] == pytest.approx(150 * 0.9 * 1.2)  # a river of 30 m³/s, 40 m³ a day
    assert now["limits"]["mau"] == 150  # colour has no factors
    chain = now["alternatives"]["a1"]
    outlet = chain["outlets"]["cod"]
    assert outlet["mean"] == pytest.approx(2000 * 0.97 * 0.3 * 0.18)
    by_hand = through(
        Inlet(2000, 0.3), [Removal(0, 0.03, 0.05), Removal(0.6, 0.7, 0.85, 80), Removal(0.75, 0.82, 0.9, 30)]
    )
    assert (outlet["low"], outlet["high"]) == pytest.approx(by_hand.interval())
    assert outlet["met"] == pytest.approx(probability(by_hand, 162))
    assert chain["outlets"]["mau"]["mean"] == pytest.approx(300 * 0.75)
    assert chain["weakest"] == "mau"  # the chain hardly takes colour
    assert chain["met"] == chain["outlets"]["mau"]["met"]
    bill = 0.4**0.6 * 35e6 + 0.4**0.65 * (500e6 + 500e6)
    assert chain["investment"][1] == pytest.approx(bill, abs=1)
    assert chain["running"][1] == 40 * 300 * (100 + 1000 + 4000)
    assert chain["yearly"][1] > chain["running"][1]


def test_less_at_the_source_spares_plant_and_money_but_less_water_alone_strengthens(cast, dye):
    now, after = dye.result["now"], dye.result["after"]
    assert after["flow"] == pytest.approx(32)
    assert after["means"]["cod"] == pytest.approx(2000 * 0.6 / 0.8)
    assert after["means"]["mau"] == pytest.approx(300 / 0.8)
    for kind in ("investment", "running", "yearly"):
        assert after["alternatives"]["a1"][kind][1] < now["alternatives"]["a1"][kind][1]
    whole = treating.change(
        cast.user("expert"), dye, {"cuts": {}, "contents": {"cod": {"mean": "2000"}}}, dye.version
    )
    assert "after" not in whole.result


def test_a_smaller_discharge_may_fall_into_another_factor(cast, dye):
    values = {"basis": VALUES["basis"] | {"flow": "60"}}
    row = treating.change(cast.user("expert"), dye, values, dye.version)
    assert row.result["now"]["limits"]["cod"] == pytest.approx(150 * 0.9 * 1.1)
    assert row.result["after"]["limits"]["cod"] == pytest.approx(150 * 0.9 * 1.2)  # 48 m³ a day


def test_a_limit_of_the_permit_goes_before_the_regulation(cast, dye):
    contents = {"cod": {"mean": "2000", "limit": "75"}}
    row = treating.change(cast.user("expert"), dye, {"contents": contents}, dye.version)
    assert row.result["now"]["limits"]["cod"] == 75
    figure = Figure.objects.get(code=f"treatment:{row.pk}:now:limit:cod")
    assert (figure.facts, "giấy phép" in figure.note_vi) == ([], True)


def test_every_figure_opens_to_formula_steps_and_sources(dye):
    limit = Figure.objects.get(code=f"treatment:{dye.pk}:now:limit:cod")
    assert float(limit.value) == 162
    assert "150 × 0,9 × 1,2" in limit.formula
    assert {f["code"] for f in limit.facts} == {
        "limits.qcvn40_2011.cod.b",
        "limit_factors.qcvn40_2011.kq.river.1",
        "limit_factors.qcvn40_2011.kf.flow.1",
    }
    outlet = Figure.objects.get(code=f"treatment:{dye.pk}:after:a1:cod")
    assert (outlet.level, outlet.low < outlet.value < outlet.high) == (90, True)
    assert [f["code"] for f in outlet.facts][-1] == "treatment_removals.activated_sludge.cod"
    assert "loga chuẩn" in outlet.note_vi
    cost = Figure.objects.get(code=f"treatment:{dye.pk}:now:a1:yearly")
    assert {f["code"] for f in cost.facts} == {"finance.discount_rate", "finance.option_life"}
    treatment = Figure.objects.filter(code__startswith=f"treatment:{dye.pk}:")
    assert treatment.filter(code__contains=":a2:").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"basis": VALUES["basis"] | {"flow": "0"}},
        {"basis": VALUES["basis"] | {"reliability": "100"}},
        {"basis": VALUES["basis"] | {"per_year": "400"}},
        {"basis": VALUES["basis"] | {"set": "qcvn19_2009"}},  # of air
        {"basis": VALUES["basis"] | {"column": "C"}},
        {"basis": VALUES["basis"] | {"receiver": "zone1"}},
        {"basis": VALUES["basis"] | {"set": "khong_co"}},
        {"contents": {"cod": {"mean": "-1"}}},
        {"contents": {"khong_co": {"mean": "1"}}},
        {"contents": {"cod": {"mean": "1", "cut": "100"}}},
        {"contents": {"cod": {"mean": "1", "limit": "0"}}},
        {"cuts": {"flow": "100"}},
        {"alternatives": {"a1": {"name": "x", "steps": ["cyclone"]}}},
        {"alternatives": {"a1": {"name": "x", "steps": ["primary"] * 9}}},
        {"name": " "},
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_stored(cast, dye, wrong):
    with pytest.raises(AssessmentError):
        treating.change(cast.user("expert"), dye, wrong, dye.version)
    dye.refresh_from_db()
    assert dye.result["now"]["means"]["cod"] == 2000


def test_two_people_in_different_parameters_are_merged_and_in_one_shown(cast, dye):
    first = dict(dye.contents, cod={"mean": "1800"})
    treating.change(cast.user("expert"), dye, {"contents": first}, dye.version)
    second = dict(dye.contents, mau={"mean": "280"})
    merged = treating.change(cast.user("centre"), dye, {"contents": second}, dye.version)
    assert (merged.contents["cod"]["mean"], merged.contents["mau"]["mean"]) == ("1800", "280")
    with pytest.raises(Collision):
        treating.change(
            cast.user("centre"), dye, {"contents": dict(dye.contents, cod={"mean": "9"})}, dye.version
        )


def test_what_does_not_meet_the_limits_is_chosen_with_a_reason_and_makes_no_solution(cast, dye):
    expert = cast.user("expert")
    with pytest.raises(AssessmentError, match="giới hạn"):
        treating.choose(expert, dye, "a1", reason="", version=dye.version, now=NOW)
    with pytest.raises(AssessmentError):
        treating.choose(expert, dye, "a9", reason="x", version=dye.version, now=NOW)
    before = fingerprint(dye.assessment, 4)
    kept = treating.choose(expert, dye, "a1", reason="Màu xử lý riêng", version=dye.version, now=NOW)
    assert (kept.chosen, Option.objects.count()) == ("a1", 0)
    assert AuditEntry.objects.filter(verb="treatment.choose").exists()
    after = fingerprint(dye.assessment, 4)
    assert [p for p in after if after[p] != before[p]] == [
        "treatments"
    ]  # a signature under step 4 would be told
    with pytest.raises(AssessmentError):
        treating.choose(expert, dye, "a1", reason="x", version=dye.version, now=NOW)


def test_who_is_not_of_the_team_changes_nothing(cast, dye):
    with pytest.raises(NotYours):
        treating.change(cast.user("factory"), dye, {"name": "x"}, dye.version)


def test_the_pages_take_a_discharge_to_a_choice(client, cast, assessment):
    client.force_login(cast.user("expert"))
    url = reverse("assessment:treatments", args=[assessment.pk])
    assert "Xem xét một dòng thải" in client.get(url).text
    begin = reverse("assessment:begin_treatment", args=[assessment.pk])
    assert "bắt buộc" in client.post(begin, {"name": "", "medium": "air", "stream": ""}).text
    assert client.post(begin, {"name": "x", "medium": "air", "stream": ""}).status_code == 302
    row = Treatment.objects.get()
    edit = reverse("assessment:edit_treatment", args=[assessment.pk, row.number])
    sent = {"name": "Khói lò", "version": row.version, "basis-flow": "12.000", "basis-per_year": "4.800"}
    sent |= {
        "basis-set": "qcvn19_2009",
        "basis-column": "B",
        "basis-receiver": "zone4",
        "basis-reliability": "90",
    }
    sent |= {"new1-parameter": "bui_tong", "new1-mean": "1.500,5", "new1-cv": "25", "a1-name": "Xyclon, túi"}
    sent |= {"a1-step1": "cyclone", "a1-step2": "bag_filter", "a2-name": "Xyclon", "a2-step1": "cyclone"}
    wrong = client.post(edit, sent | {"new1-parameter": ""})
    assert "Hãy chọn đây là thông số nào." in wrong.text
    answer = client.post(edit, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(reverse("assessment:treatment", args=[assessment.pk, row.number])).text
    assert "1.501" in page
    assert "240" in page  # 200 × Kp 1 × Kv 1,2
    assert "vượt" in page  # the cyclone alone
    assert "<svg" in page
    row.refresh_from_db()
    assert list(row.contents) == ["bui_tong"]
    again = client.get(edit).text
    assert 'value="1500,5"' in again
    chosen = client.post(
        reverse("assessment:choose_treatment", args=[assessment.pk, row.number]),
        {"alternative": "a1", "version": row.version},
        follow=True,
    )
    assert "Đã chọn: Xyclon, túi" in chosen.text
    assert "Xyclon, túi" in client.get(url).text
    client.force_login(cast.user("department"))
    assert client.get(reverse("assessment:treatment", args=[assessment.pk, row.number])).status_code == 200
    assert client.get(edit).status_code == 403


def washing(cast):
    """Water and dye go in, wastewater with COD comes out: reconciled."""
    expert, a = cast.user("expert"), opened(cast)
    process = add(expert, a, "process", name="Nhuộm")
    cod = add(expert, a, "layer", name="COD")
    given = {"layers": cod.code, "unit": "t"}
    into = add(expert, a, "stream", name="Nước", target=process.code, kind="water", use="input", **given)
    out = add(expert, a, "stream", name="Nước thải", source=process.code, kind="waste", use="loss", **given)
    measure(expert, a, into, "14.600")
    measure(expert, a, out, "14.600")
    content = {"what": "content", "layer": cod.code, "unit": "%"}
    measure(expert, a, out, "0,12", **content)
    measure(expert, a, into, "0,12", **content)
    reconcile(expert, a)
    return a, out


def test_a_waste_stream_gives_its_flow_a_day_and_what_was_measured_in_it(cast):
    a, out = washing(cast)
    row = treating.begin(cast.user("expert"), a, "Nước thải nhuộm", "wastewater", out.code)
    assert float(row.basis["flow"]) == pytest.approx(40, rel=1e-3)  # 14,600 t in 365 days
    assert float(row.contents["cod"]["mean"]) == pytest.approx(1200, rel=1e-3)  # 0.12 %
    assert row.contents["cod"]["source"].startswith(out.code)
    assert row.result["now"]["limits"]["cod"] == pytest.approx(162)
    with pytest.raises(AssessmentError):
        treating.begin(cast.user("expert"), a, "x", "air", out.code)


def test_a_confidential_stream_is_not_taken_over(cast):
    a, out = washing(cast)
    keep_secret(cast.user("factory"), out, price=False, quantity=True)
    assert waste_streams(cast.user("expert"), a) == []
    with pytest.raises(AssessmentError, match=out.code):
        treating.begin(cast.user("expert"), a, "x", "wastewater", out.code)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("vi", ("SXSH giúp bớt được gì", "Đạt mọi giới hạn", "Bể kỵ khí UASB, thu khí", "quy chuẩn mới")),
        (
            "en",
            (
                "What cleaner production spares",
                "All limits met",
                "Anaerobic UASB reactor",
                "newer regulation",
            ),
        ),
    ],
)
def test_the_report_has_the_treatment(cast, dye, lang, words):
    treating.choose(cast.user("expert"), dye, "a1", reason="Màu xử lý riêng", version=dye.version, now=NOW)
    document = Document(io.BytesIO(detailed.report(cast.user("expert"), dye.assessment, lang, "docx")))
    told = "\n".join(p.text or "" for p in document.element.body.iter(qn("w:t")))
    assert "XL-01. Nước thải nhuộm" in told
    for word in words:
        assert word in told


def with_ph(cast, dye, low, high, **more):
    basis = VALUES["basis"] | {"ph_low": low, "ph_high": high}
    row = treating.change(cast.user("expert"), dye, {"basis": basis} | more, dye.version)
    return row.result["now"]


def test_the_ph_given_is_compared_with_the_range_and_never_computed(cast, dye):
    chains = {
        "a1": {"name": "Có trung hòa", "steps": ["neutralisation", "activated_sludge"]},
        "a2": {"name": "Lắng", "steps": ["primary"]},
    }
    now = with_ph(cast, dye, "4", "11", alternatives=chains)
    assert now["ph"] == {"low": 4, "high": 11, "least": 5.5, "most": 9}  # column B
    assert {a: c["ph"] for a, c in now["alternatives"].items()} == {"a1": "neutralised", "a2": "outside"}
    dye.refresh_from_db()
    inside = with_ph(cast, dye, "6", "8.5")
    assert {c["ph"] for c in inside["alternatives"].values()} == {"inside"}
    dye.refresh_from_db()
    with pytest.raises(AssessmentError, match="pH"):
        with_ph(cast, dye, "4", "15")


def test_a_chain_without_neutralisation_is_not_the_best_and_needs_a_reason(cast, dye):
    met = {
        "cuts": {},
        "contents": {"cod": {"mean": "150", "cv": "5"}},
        "alternatives": {"a1": {"name": "Bùn hoạt tính", "steps": ["activated_sludge"]}},
    }
    inside = with_ph(cast, dye, "7", "8", **met)
    assert inside["alternatives"]["a1"]["met"] > 0.9
    dye.refresh_from_db()
    assert treatment_words.best_of(dye) == "Bùn hoạt tính"
    with_ph(cast, dye, "3", "8", **met)
    dye.refresh_from_db()
    assert treatment_words.best_of(dye) == ""
    choice = {"version": dye.version, "now": NOW}
    with pytest.raises(AssessmentError):
        treating.choose(cast.user("expert"), dye, "a1", reason="", **choice)
    assert (
        treating.choose(cast.user("expert"), dye, "a1", reason="Thêm bể trung hòa", **choice).chosen == "a1"
    )


def test_page_and_report_tell_the_ph_or_that_it_is_missing(cast, client, dye):
    client.force_login(cast.user("expert"))
    page = reverse("assessment:treatment", args=[dye.assessment_id, dye.number])
    assert "pH không tính qua từng bước" in client.get(page).content.decode()
    with_ph(cast, dye, "4.5", "11")
    told = client.get(page).content.decode()
    assert "4,5–11" in told
    assert "chưa có bước trung hòa" in told
    made = detailed.report(cast.user("expert"), dye.assessment, "vi", "docx")
    cells = [c.text for t in Document(io.BytesIO(made)).tables for row in t.rows for c in row.cells]
    assert "pH (không tính)" in cells
    assert "5,5–9" in cells


def test_a_chain_begun_with_is_said_in_the_language_of_the_reader_until_somebody_renames_it(
    cast, client, settings, assessment
):
    row = treating.begin(cast.user("expert"), assessment, "Nước thải", "wastewater")
    name = row.alternatives["a1"]["name"]
    english = spoken(name, "en")
    assert english != name  # begun in Vietnamese with a name of the reference
    values = {"basis": VALUES["basis"], "contents": VALUES["contents"]}
    row = treating.change(cast.user("expert"), row, values, row.version)
    client.force_login(cast.user("expert"))
    page = reverse("assessment:treatment", args=[assessment.pk, row.number])
    assert name in client.get(page).text
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    told = client.get(page).text
    assert english in told
    assert name not in told
    figure = Figure.objects.get(code=f"treatment:{row.pk}:now:a1:cod")
    assert (name in figure.label_vi, english in figure.label_en) == (True, True)
    own = {a: x | {"name": "Cách của nhà máy"} for a, x in row.alternatives.items()}
    treating.change(cast.user("expert"), row, {"alternatives": own}, row.version)
    assert "Cách của nhà máy" in client.get(page).text


@pytest.mark.parametrize(
    ("began", "said", "unsaid"),
    [
        (None, "hoạt động sau ngày 31/08/2025", "được theo quy chuẩn này"),
        (datetime.date(2006, 5, 1), "được theo quy chuẩn này đến hết 31/12/2031", "hoạt động sau ngày"),
        (datetime.date(2026, 3, 1), "hoạt động từ 01/03/2026, phải theo quy chuẩn mới", "được theo"),
    ],
)
def test_the_newer_regulation_is_asked_of_a_facility_by_the_day_it_began(
    client, cast, dye, began, said, unsaid
):
    cast.brick.started_on = began
    cast.brick.save()
    client.force_login(cast.user("expert"))
    page = client.get(reverse("assessment:treatment", args=[dye.assessment_id, dye.number])).text
    assert said in page
    assert unsaid not in page
