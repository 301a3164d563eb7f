"""Lessons as cases: consent, what is told and what is not, review, beside the library's option, taken back."""

import datetime
import io
import json
import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from tests.apps.assessment.test_choosing import NOW, add, carried_out, measured

from sachhon.apps.assessment.documents import detailed
from sachhon.apps.assessment.models import Charter, Kind, LessonConsent, Option, PlanTask
from sachhon.apps.assessment.services import lesson_case, lesson_leaks, lessons, opening, options, verifying
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.assessment.services.lesson_case import bracket, half, told_of
from sachhon.apps.assessment.services.lesson_leaks import leaks_of, telling
from sachhon.apps.guidance import queries
from sachhon.apps.guidance.cases import together
from sachhon.apps.guidance.models import Kind as LibraryKind
from sachhon.apps.guidance.models import LibraryItem, State
from sachhon.apps.guidance.services import library
from sachhon.apps.guidance.services.errors import LibraryError, NotGoodYet
from sachhon.apps.people.models import AuditEntry, User
from sachhon.apps.registry.models import Facility, Product, Record, Sector, Trade
from sachhon.reference.text import fold

DAY = datetime.date(2026, 7, 2)
WORDS = {"well_vi": "Biến tần lắp trong hai ngày.", "badly_vi": "Bụi làm nóng tủ điện, phải thêm quạt."}


@pytest.fixture
def fan(cast):
    """A fan's drive taken from the library, carried out and verified: a tenth less electricity."""
    bricks = Product.objects.create(facility=cast.brick, name="Gạch đặc", unit="k_vien")
    for i in range(18):
        month = {"facility": cast.brick, "year": 2025 + i // 12, "month": i % 12 + 1}
        made = 800 + 37 * (i * 7 % 11)
        used = (10_000 + 40 * made) * (1 + 0.01 * ((i * 5 % 7) - 3) / 3) * (0.9 if i >= 12 else 1.0)
        Record.objects.create(**month, flow="output", product=bricks, quantity=made)
        bill = {"resource": cast.electricity, "quantity": used, "cost_vnd": round(used * 2000)}
        Record.objects.create(**month, flow="consumption", **bill)
    assessment = opening.open_assessment(
        cast.user("centre"),
        cast.brick,
        Kind.DETAILED,
        data_from=datetime.date(2025, 1, 1),
        data_to=datetime.date(2025, 12, 31),
    )
    opening.add_member(cast.user("centre"), assessment, cast.user("expert"))
    option = carried_out(cast, assessment, add(cast, assessment, "Biến tần quạt lò Thử Nghiệm", 60_000, 150))
    Option.objects.filter(pk=option.pk).update(
        spent_vnd=148_000_000, origin="library", origin_code="FAN-01@1", description="Lò của Thử Nghiệm"
    )
    row = measured(cast, assessment, option)
    verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=NOW)
    return Option.objects.get(pk=option.pk)


@pytest.fixture
def brickworks(cast):
    """Two more works of the trade in the province, so that three share what is told; all small."""
    for n in (5, 6):
        Facility.objects.create(
            code=f"LS-000{n}",
            name=f"Gạch {n}",
            enterprise=cast.brick_enterprise,
            trade=cast.brick.trade,
            area=cast.brick.area,
            province_code="20",
        )
    Facility.objects.filter(trade=cast.brick.trade).update(size_class="small")
    cast.brick.refresh_from_db()


@pytest.fixture
def given(cast, fan, brickworks):
    return consented(cast, fan)


def consented(cast, option):
    return lessons.consent(
        cast.user("factory"), option, person="Trần Thị Lan", position="Giám đốc", given_on=DAY
    )


def told(cast, consent, words=WORDS):
    """A case that went the whole way: drafted by the expert, reviewed and published by the Centre."""
    version = lessons.draft(cast.user("expert"), consent, words)
    version = library.move(cast.user("centre"), version, "review")
    return library.move(cast.user("centre"), version, "publish")


def test_consent_is_of_a_named_person_of_the_factory_and_only_one_stands(cast, fan):
    row = consented(cast, fan)
    assert (row.person, row.position, row.given_on, row.recorded_by) == (
        "Trần Thị Lan",
        "Giám đốc",
        DAY,
        cast.user("factory"),
    )
    assert AuditEntry.objects.filter(verb="lesson.consent").exists()
    with pytest.raises(AssessmentError, match="còn hiệu lực"):
        consented(cast, fan)


def test_an_expert_needs_the_signed_paper_and_others_decide_nothing(cast, fan):
    said = {"person": "Trần Thị Lan", "position": "Giám đốc", "given_on": DAY}
    with pytest.raises(AssessmentError, match="văn bản"):
        lessons.consent(cast.user("expert"), fan, **said)
    with pytest.raises(PermissionDenied):
        lessons.consent(cast.user("department"), fan, **said)
    stranger = User.objects.create_user("la", role="expert", province_code="20")
    with pytest.raises(NotYours):
        lessons.consent(stranger, fan, **said, paper="01/BB")
    assert lessons.consent(cast.user("expert"), fan, **said, paper="01/BB, 02/07/2026").paper


def test_only_a_verified_solution_that_is_no_trade_secret_is_told(cast, fan):
    Option.objects.filter(pk=fan.pk).update(confidential=True)
    with pytest.raises(AssessmentError, match="bí mật"):
        consented(cast, fan)
    Option.objects.filter(pk=fan.pk).update(confidential=False, state="done")
    with pytest.raises(AssessmentError, match="xác minh"):
        consented(cast, fan)


def test_without_a_standing_consent_nothing_is_drafted(cast, given):
    lessons.withdraw(cast.user("factory"), given, reason="", now=NOW)
    with pytest.raises(AssessmentError, match="rút"):
        lessons.draft(cast.user("expert"), given, WORDS)
    assert not LibraryItem.objects.filter(kind=LibraryKind.CASE).exists()


def test_the_case_tells_the_verified_saving_in_ranges_and_nothing_that_names_the_factory(cast, given, fan):
    version = told(cast, given)
    case = queries.cases_of("FAN-01", "20")[0]
    row = fan.verifications.get()
    exact = 100 * row.result["saving"] / row.result["expected"]
    assert case.likely == round(exact)
    assert case.low <= Decimal(100 * row.result["low"] / row.result["expected"]) <= case.high
    assert case.low == int(case.low)
    assert (case.trade, case.size_class, case.year) == ("brick", "small", 2026)
    yearly = row.result["saving"] / row.result["months"] * 12
    assert case.quantity_low <= Decimal(yearly) < case.quantity_high
    assert (case.investment_low, case.investment_high) == (100, 200)  # 148 million
    assert case.name_vi == queries.option("FAN-01").name_vi  # not the name that the expert wrote
    stored = json.dumps(version.content, ensure_ascii=False)
    assert "Thử Nghiệm" not in stored
    for word in telling(cast.brick):
        assert word not in stored.lower()
    for secret in ("148000000", str(round(yearly)), cast.brick.code, cast.brick.area.name, "Trần Thị Lan"):
        assert secret not in stored


@pytest.mark.parametrize(
    "words",
    [
        "Nhà máy Thử Nghiệm lắp trong hai ngày.",
        "Cơ sở LS-0001 lắp trong hai ngày.",
        "Đầu tư 148.350.000 đồng.",
        "Gọi factory 0912 345 678.",
    ],
)
def test_words_that_give_the_factory_away_are_refused_with_the_word(cast, given, words):
    with pytest.raises(NotGoodYet):
        lessons.draft(cast.user("expert"), given, WORDS | {"well_vi": words})
    given.refresh_from_db()
    assert given.case == ""


def test_the_commune_and_the_people_tell_too(cast, brickworks):
    Facility.objects.filter(pk=cast.brick.pk).update(contact_name="Lê Văn Tám", tax_code="4900123456")
    cast.brick.refresh_from_db()
    commune = cast.brick.area.name
    for words in (f"Ở {commune}.", "Ông Lê Văn Tám nói.", "MST 4900123456"):
        assert list(leaks_of(cast.brick, {"code": "TH", "well_vi": words})), words
    assert not list(
        leaks_of(cast.brick, {"code": "TH", "well_vi": "Lò gạch tuynel, khoảng 400 triệu đồng, 2026."})
    )


def test_a_later_edit_in_the_library_is_held_to_the_same(cast, given):
    version = lessons.draft(cast.user("expert"), given, WORDS)
    worse = version.content | {"badly_vi": "Thử Nghiệm làm chậm."}
    with pytest.raises(NotGoodYet):
        library.save_draft(cast.user("expert"), version, worse, why="", stamp=version.stamp)
    with pytest.raises(LibraryError, match="người khác"):
        library.move(cast.user("expert"), version, "review")  # who drafted it does not review it


def test_a_trade_of_fewer_than_three_is_told_as_its_sector_and_a_rare_size_not_at_all(cast):
    quarry = cast.quarry
    quarry.sector = Sector.objects.get(code="0810")
    quarry.size_class = "large"
    quarry.save()
    assert told_of(quarry) == ("", "", "")  # nobody else in the whole sector
    for n in (7, 8):
        Facility.objects.create(
            code=f"LS-000{n}",
            name=f"Mỏ {n}",
            enterprise=cast.quarry_enterprise,
            trade=Trade.objects.get(code="coal_mining"),
            sector=Sector.objects.get(code="0510"),
            area=quarry.area,
            province_code="20",
            size_class="large" if n == 7 else "small",
        )
    assert told_of(quarry) == ("", "B", "")  # three mines, two of them large
    Facility.objects.filter(code="LS-0008").update(size_class="large")
    assert told_of(quarry) == ("", "B", "large")


def test_three_of_a_trade_in_another_province_do_not_count(cast, brickworks):
    assert told_of(cast.brick)[0] == "brick"
    Facility.objects.filter(code="LS-0006").update(province_code="19")
    assert told_of(cast.brick)[0] == ""


def test_amounts_are_steps_of_one_two_five_and_years_are_halves():
    given = ["0.2", "1", "1.99", "37", "50", "148", "999"]
    assert [bracket(Decimal(v)) for v in given] == [
        (Decimal("0.2"), Decimal("0.5")),
        (1, 2),
        (1, 2),
        (20, 50),
        (50, 100),
        (100, 200),
        (500, 1000),
    ]
    assert bracket(Decimal(0)) is None
    assert [half(Decimal(v)) for v in ("0.1", "1.3", "2.74")] == [
        Decimal("0.5"),
        Decimal("1.5"),
        Decimal("2.5"),
    ]


def test_cases_together_are_a_number_a_median_and_the_ends(cast, given, fan):
    told(cast, given)
    case = queries.cases_of("FAN-01", "20")[0]
    others = [case, *(lesson_case.case_of(fan, fan.verifications.get(), "TH", {}) for _ in range(2))]
    found = together([*others[:2], others[2]])
    assert found is not None
    assert (found.n, found.median, found.low) == (3, case.likely, case.likely)
    assert together([]) is None
    assert queries.cases_of("FAN-01", "19") == []


def test_a_consent_taken_back_takes_the_case_out_of_the_library_at_once(client, cast, given):
    version = told(cast, given)
    url = reverse("guidance:item", args=["case", version.item.code])
    client.force_login(cast.user("leader"))
    assert client.get(url).status_code == 200
    lessons.withdraw(cast.user("factory"), given, reason="", now=NOW)
    assert client.get(url).status_code == 404
    assert queries.cases_of("FAN-01", "20") == []
    version.refresh_from_db()
    assert (version.state, version.ended_by) == (State.WITHDRAWN, None)
    entry = AuditEntry.objects.get(verb="library.withdraw")
    assert (entry.actor, entry.actor_name) == (
        None,
        "sachhon",
    )  # no name beside the case leads to the factory
    with pytest.raises(AssessmentError, match="trước đó"):
        lessons.withdraw(cast.user("factory"), given, reason="", now=NOW)
    assert consented(cast, given.option).pk != given.pk  # a new consent is a new row


def test_a_judgement_taken_back_takes_the_case_out_too(cast, given, fan):
    told(cast, given)
    row = fan.verifications.get()
    verifying.take_back(cast.user("centre"), row, reason="Đồng hồ sai", now=NOW)
    assert queries.cases_of("FAN-01", "20") == []
    assert LessonConsent.objects.get(pk=given.pk).withdrawn_at is None


def test_a_solution_made_a_trade_secret_later_takes_its_case_out(cast, given, fan):
    told(cast, given)
    options.change_option(cast.user("expert"), fan, {"confidential": True}, fan.version)
    assert queries.cases_of("FAN-01", "20") == []


def test_the_pages_take_a_verified_solution_to_a_case_beside_the_library_s_option(
    client, cast, fan, brickworks
):
    pk, number = fan.assessment_id, fan.number
    client.force_login(cast.user("factory"))
    assert "chưa có" in client.get(reverse("assessment:lessons", args=[pk])).text
    page = reverse("assessment:lesson", args=[pk, number])
    assert "Chỉ kể chừng này" in client.get(page).text
    give = reverse("assessment:give_consent", args=[pk, number])
    late = {"person": "Lan", "position": "Giám đốc", "given_on": "2999-01-01"}
    assert "chưa đến" in client.post(give, late).text
    assert (
        "Trần Thị Lan (Giám đốc)"
        in client.post(
            give, {"person": "Trần Thị Lan", "position": "Giám đốc", "given_on": "2026-07-02"}, follow=True
        ).text
    )
    draft = reverse("assessment:draft_case", args=[pk, number])
    assert client.post(draft, WORDS).status_code == 403  # the factory writes no library
    client.force_login(cast.user("expert"))
    assert "cho biết cơ sở nào" in client.post(draft, WORDS | {"well_vi": "Thử Nghiệm"}).text
    assert "TH-0001" in client.post(draft, WORDS, follow=True).text
    item = LibraryItem.objects.get(code="TH-0001")
    client.force_login(cast.user("centre"))
    for action in ("review", "publish"):
        client.post(reverse("guidance:move", args=["case", item.code, 1, action]))
    client.force_login(cast.user("leader"))
    shown = client.get(reverse("guidance:item", args=["option", "FAN-01"])).text
    assert "Trường hợp trong tỉnh" in shown
    assert "Một cơ sở đã làm" in shown
    assert WORDS["well_vi"] in shown
    case = client.get(reverse("guidance:item", args=["case", item.code])).text
    assert WORDS["badly_vi"] in case
    assert cast.user("expert").display_name() not in case  # who works with the factory is not told
    for word in ("Thử Nghiệm", cast.brick.code, "Trần Thị Lan"):
        assert word not in shown + case
    client.force_login(cast.user("department"))
    seen = client.get(page).text
    assert item.code not in seen  # which case is of which factory is not for the department
    client.force_login(cast.user("factory"))
    back = reverse("assessment:withdraw_consent", args=[pk, number])
    assert "rời thư viện" in client.post(back, {"reason": ""}, follow=True).text


@pytest.mark.parametrize(
    ("lang", "words"), [("vi", "Bài học cho thư viện"), ("en", "Lessons for the library")]
)
def test_the_report_says_who_consented_and_which_case(cast, given, lang, words):
    told(cast, given)
    document = Document(
        io.BytesIO(detailed.report(cast.user("expert"), given.option.assessment, lang, "docx"))
    )
    text = "\n".join(p.text or "" for p in document.element.body.iter(qn("w:t")))
    assert words in text
    assert "TH-0001" in text
    assert "Trần Thị Lan" in text


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Thiếu đồng hồ nên khó đo.", ""),  # the enterprise's own word is an everyday one here
        ("Thu gom nước rửa, thu hồi nhiệt.", ""),
        ("Cô đặc dung dịch, anh em trong ca làm quen dần.", ""),
        ("Đo ở xưởng Đồng hai tuần.", "Đồng"),
        ("Bà Hoa giám đốc chỉ đạo, chị Thu vận hành.", "Bà Hoa"),
        ("Người đọc đồng hồ là chị thu, đọc mỗi sáng.", "chị thu"),
        ("Giao cho Thu đọc mỗi sáng.", "Thu"),
        ("Nhờ Phạm Thị Hoa chỉ đạo.", "pham thi hoa"),
        ("Xỉ luyện chì Pb 60 không bán được.", ""),
        ("Mr Long helped on the first day.", "Mr Long"),
    ],
)
def test_an_everyday_word_is_no_name_and_people_on_record_are(cast, fan, words, named):
    cast.brick.enterprise.name = "Công ty TNHH Đồng"
    cast.brick.enterprise.save()
    Charter.objects.create(assessment=fan.assessment, code="CH", signer="Bà Phạm Thị Hoa")
    PlanTask.objects.create(assessment=fan.assessment, code="T1", name="Đọc đồng hồ", person="Chị Thu")
    found = list(leaks_of(cast.brick, {"code": "TH", "well_vi": words}))
    assert [p.params["word"] for p in found][:1] == ([named] if named else [])


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Hằng ngày Kháng đọc công tơ.", "Kháng"),
        ("Hằng ngày đặng văn kháng đọc công tơ.", "dang van kháng"),
        ("Theo Trịnh Lệ Quyên thì bụi là chính.", "trinh le quyen"),
        ("Kháng nước tốt hơn trước.", ""),
    ],
)
def test_who_reads_the_meter_and_who_worked_on_it_are_names_too(cast, fan, words, named):
    fan.verifications.update(who="Đặng Văn Kháng")
    fan.assessment.comments.create(by_name="Trịnh Lệ Quyên", text="Bụi nhiều")
    found = [p.params["word"] for p in leaks_of(cast.brick, {"code": "TH", "well_vi": words})]
    assert [fold(word) for word in found][:1] == ([fold(named)] if named else [])
    fan.verifications.update(who="")
    fan.assessment.comments.all().delete()
    assert not list(leaks_of(cast.brick, {"code": "TH", "well_vi": words}))


def test_every_field_that_a_name_is_typed_into_is_read(cast, fan):
    """A new field of the assessment that holds a person is named like the others, so that it is read."""
    read = {*lesson_leaks.NAMING}
    kept = {
        field.name
        for model in apps.get_app_config("assessment").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and re.search(r"person|sign|respons|^who", field.name)
    }
    assert kept - read == {"signer_title"}  # an office, not a person
