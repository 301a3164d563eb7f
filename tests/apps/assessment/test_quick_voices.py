"""The photos and the factory's word in the report of a quick assessment, and where it stands among its like."""

import datetime
import io

import pytest
from docx import Document
from tests.apps.assessment.test_quick_follow import advised, signed  # noqa: F401  (advised is a fixture)
from tests.apps.assessment.test_quick_photos import add, media, picture  # noqa: F401  (media is a fixture)
from tests.apps.assessment.test_quick_sync import sent

from sachhon.apps.assessment.documents.quick import report
from sachhon.apps.assessment.documents.quick_voices import MOST_PHOTOS
from sachhon.apps.assessment.queries.like import stand_among_like
from sachhon.apps.assessment.services import quick_follow, quick_photos
from sachhon.apps.assessment.services.quick_sync import take
from sachhon.apps.registry.models import Facility, Product, Record


def printed(walk, kind="docx", lang="vi"):
    return report(walk.centre, walk.assessment, walk.sheet, walk.result, lang, kind)


def words(content: bytes) -> tuple[str, Document]:
    document = Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells), document


def test_photos_stand_in_the_report_with_the_note_or_the_question(advised):  # noqa: F811
    pictures = len(words(printed(advised))[1].inline_shapes)
    add(advised, picture())
    add(advised, picture(), question=advised.codes[1])
    gone = add(advised, picture(), question=advised.codes[2])
    quick_photos.remove_photo(advised.expert, gone, now=datetime.datetime.now(datetime.UTC))
    take(advised.expert, advised.assessment, [sent(advised.codes[0], "Cửa lò số 2 hở", field="note")])
    told, document = words(printed(advised))
    assert "Cửa lò số 2 hở" in told
    assert advised.sheet.questions[1]["text_vi"][:60] in told
    assert len(document.inline_shapes) == pictures + 2
    assert printed(advised, "pdf")[:5] == b"%PDF-"


def test_more_photos_than_the_report_has_room_for_leave_the_lighter_questions_out(advised):  # noqa: F811
    before = len(words(printed(advised))[1].inline_shapes)
    for code in advised.codes[: MOST_PHOTOS + 3]:
        add(advised, picture((400, 300)), question=code)
    assert len(words(printed(advised))[1].inline_shapes) == before + MOST_PHOTOS


def test_replies_and_follow_ups_are_printed_as_they_were_said(advised, cast):  # noqa: F811
    assert "Ý kiến của cơ sở và việc đã làm" not in words(printed(advised))[0]
    signed(advised)
    first, second = advised.options[:2]
    factory = cast.user("factory")
    quick_follow.reply(factory, advised.sheet, {first: ("will_do", ""), second: ("not_fit", "Lò sắp thay")})
    states = {first: {"state": "carried_out", "note": "Thay 40 đèn"}}
    quick_follow.follow_up(factory, advised.sheet, months=3, states=states, note="Giảm thấy rõ")
    told, _document = words(printed(advised))
    for wanted in ("Không phù hợp: Lò sắp thay", "Đã làm xong: Thay 40 đèn", "Sau 3 tháng", "Giảm thấy rõ"):
        assert wanted in told, wanted


@pytest.mark.parametrize("others", [4, 5])
def test_the_result_says_where_it_stands_among_enough_of_its_like(walk, cast, client, others):
    def make(facility, kwh):
        product = Product.objects.create(facility=facility, name="Gạch", unit="k_vien")
        at = {"facility": facility, "year": 2025, "month": 1}
        Record.objects.create(**at, flow="output", product=product, quantity=100)
        Record.objects.create(**at, flow="consumption", resource=cast.electricity, quantity=kwh)

    make(cast.brick, 6000)
    common = {"enterprise": cast.quarry_enterprise, "trade": cast.brick.trade, "area": cast.brick.area}
    for n in range(others):
        code = f"LS-1{n}"
        make(Facility.objects.create(code=code, name=code, province_code="20", **common), 5500 + 200 * n)
    client.force_login(cast.user("factory"))
    page = client.get(f"/danh-gia/{walk.assessment.pk}/nhanh/ket-qua/").text
    stands = stand_among_like(cast.brick, 2025)
    if others == 4:
        assert stands is None
        assert "cùng ngành" not in page
    else:  # 5500, 5700, 5900 use less; 6100, 6300 more
        assert (float(stands.less), stands.others) == (60, 5)
        assert "60" in page
        assert "cùng ngành" in page
