"""Text of before Unicode is told from text that only looks odd: signs of measure, quotes, other languages."""

import csv
import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from sachhon.workbooks import legacy
from sachhon.workbooks.grid import open_workbook

from .making import as_xlsx

# Labels of a factory's book; every one is Vietnamese with marks.
LABELS = (
    "BÁO CÁO TÌNH HÌNH SỬ DỤNG NĂNG LƯỢNG", "Điện năng tiêu thụ", "Than cám số 5", "Nước sử dụng",
    "Sản lượng gạch", "Khối lượng đá nghiền", "Tổng cộng", "Đơn vị tính", "Tháng mười hai", "Chi phí mua ngoài",
    "Chất thải rắn", "Nguyên liệu chính", "Máy nghiền côn", "Lò nung tuynen", "Ghi chú của tổ trưởng",
    "Nhựa thông, tinh dầu hồi", "đã sửa chữa động cơ", "Người lập biểu", "Phân xưởng cơ điện",
)  # fmt: skip
# What stands in books of any language and is no sign of an old font.
SIGNS = (
    "°C", "20 °C", "25°C", "µm", "10 µm", "µg/m³", "5 µ", "µS/cm", "A – B", "“boiler”", "don’t", "plant’s", "±5",
    "m²", "m³", "€ 5", "½", "¾ inch", "N° 5", "n°1", "T°", "Nº", "§ 3", "Siemens®", "ACME™", "• one", "…", "5 ‰",
    "Ø 200", "ø20", "Ø200 mm", "3ø", "ΔT", "Ω", "ZnSO₄·7H₂O", "FeSO4·7H2O", "Pt100 ±0,5 °C", "l’eau", "café",
    "naïve", "Müller GmbH", "Å", "50 Hz «A»", "£", "¥", "1½", "Al₂O₃", "≥5", "cos φ", "kWh·d", "coût",
)  # fmt: skip
ENGLISH = (
    "Monthly electricity use", "Boiler feed water", "Dust at stack", "Particles", "Remarks", "Output of bricks",
    "Meter reading", "Temperature", "Waste water", "Line 2 station", "Total", "Unit price", "Invoice date",
)  # fmt: skip
FRENCH = (
    "Électricité – kWh",
    "Coût total (€)",
    "Année",
    "Février",
    "Déchets",
    "Août",
    "Chaudière n° 2",
    "Eau usée",
)
GERMAN = ("Kühlwasser", "Größe", "Übertrag", "März", "Menge für Öfen", "Trocknungsanlage", "Gewächshaus")
SPANISH = ("Año", "Señal", "Energía eléctrica", "Número", "Hornos", "Agua – caudal", "Área", "Baño galvánico")


def opened(*texts):
    """The texts as a sheet of one column gives them back, and the rules told."""
    workbook = open_workbook(as_xlsx({"S": [[text] for text in texts]}))
    return [row[0] if row else "" for row in workbook.sheets[0].rows], {p.rule for p in workbook.problems}


def coded(text, charset):
    """The text as a font of that coding stores it (capitals it has no place for become small letters)."""
    with Path(legacy.__file__).with_name("legacy_charsets.csv").open(encoding="utf-8", newline="") as handle:
        table = {
            row["unicode"]: "".join(chr(int(code, 16)) for code in row["legacy_code_points"].split())
            for row in reversed(list(csv.DictReader(handle)))
            if row["charset"] == charset
        }
    letters = unicodedata.normalize("NFC", text)
    return "".join(c if c.isascii() else table.get(c) or table[c.lower()] for c in letters)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_alone_in_a_sheet_stays(sign):
    assert opened(sign) == ([sign], set())


@pytest.mark.parametrize("words", [ENGLISH, FRENCH, GERMAN, SPANISH, LABELS])
def test_texts_of_any_language_stay_beside_all_these_signs(words):
    texts = [*words, *SIGNS, *(f"{word} {sign}" for word, sign in zip(words, SIGNS, strict=False))]
    assert opened(*texts) == (texts, set())


@pytest.mark.parametrize("charset", sorted(legacy.CHARSET_NAMES))
def test_a_sheet_in_an_old_coding_is_read_whole(charset):
    texts, told = opened(*(coded(label, charset) for label in LABELS))
    assert [text.lower() for text in texts] == [label.lower() for label in LABELS]
    assert told == {"legacy_text_repaired"}


@pytest.mark.parametrize("charset", ["tcvn3", "vni"])
@pytest.mark.parametrize("label", [label for label in LABELS if "tuynen" not in label])
def test_a_single_label_in_a_common_coding_is_read(label, charset):
    texts, _ = opened(coded(label, charset))
    assert texts[0].lower() == label.lower()


def test_measures_and_names_stay_in_a_sheet_of_an_old_coding():
    kept = ["Bụi 10 µm", "20 °C", "Siemens®", "m³", "Ø200", "kWh/t", "Boiler"]
    texts, _ = opened(*(coded(label, "tcvn3") for label in LABELS), "Bôi 10 µm", *kept[1:])
    assert texts[len(LABELS) :] == kept


def test_a_bilingual_book_in_an_old_coding_is_read():
    texts, _ = opened(
        "S¶n l\xadîng / Output", "§iÖn n¨ng / Electricity", "N\xadíc / Water", "Ghi chó / Remarks"
    )
    assert texts == ["Sản lượng / Output", "Điện năng / Electricity", "Nước / Water", "Ghi chú / Remarks"]


def test_capitals_of_an_old_font_are_capitals():
    assert opened("c«ng ty TNHH", "§¹I DIÖN C¥ Së", "C«NG TY")[0][1:] == ["ĐẠI DIỆN CƠ Sở", "CÔNG TY"]


def misread(text):
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in text.encode())


@pytest.mark.parametrize("hard_space", ["\xa0", " "])
def test_utf8_that_was_opened_in_a_wrong_coding_is_restored(hard_space):
    labels = [*LABELS, "Ngày 5 – 10", "Nhà máy", "“Hồi”", "20 °C"]
    texts, told = opened(*(misread(label).replace("\xa0", hard_space) for label in labels))
    assert texts == labels
    assert told == {"misread_text_repaired"}


@pytest.mark.parametrize("text", ["São Paulo", "Cà phê", "Ô Â", "PÃO", "Nhà máy Ã"])
def test_text_that_was_not_misread_stays(text):
    assert opened(text)[0] == [text]


BILLS = "Tháng;Điện năng (kWh);Tiền (đồng)\n01/2025;1.234,5;2.500.000\n"


def windows_1258(text):
    """The text as Windows of the Vietnamese kind writes it: the tone after its letter."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
        bare = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tone))
        out += bare.encode("cp1258") + tone.encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (windows_1258(BILLS), BILLS),
        (BILLS.encode("utf-8-sig"), BILLS),
        (BILLS.encode("utf-16"), BILLS),
        (BILLS.encode("utf-16-le"), BILLS),
        (BILLS.encode("utf-16") + b"\n", BILLS),
        (misread(BILLS).encode(), BILLS),
        *((coded(BILLS, charset).encode("cp1252"), BILLS) for charset in ("tcvn3", "vni")),
        (
            "Month;Power – kWh;Dust µg/m³;°C\n1;2;3;4\n".encode("cp1252"),
            "Month;Power – kWh;Dust µg/m³;°C\n1;2;3;4\n",
        ),
        ("Mois;Électricité;Coût (€)\n1;2;3\n".encode("cp1252"), "Mois;Électricité;Coût (€)\n1;2;3\n"),
        ("Mês;Produção;Emissões\n1;2;3\n".encode("cp1252"), "Mês;Produção;Emissões\n1;2;3\n"),
    ],
)
def test_a_csv_is_read_in_the_coding_it_was_saved_in(data, text):
    assert open_workbook(data).sheets[0].rows == [line.split(";") for line in text.splitlines()]


def test_one_broken_byte_does_not_spoil_a_file_of_utf8():
    data = BILLS.encode()
    rows = open_workbook(data[:40] + b"\xff" + data[40:]).sheets[0].rows
    assert rows[1] == ["01/2025", "1.234,5", "2.500.000"]
    assert rows[0][0] == "Tháng"


def test_letters_that_need_no_repair_are_composed_and_of_no_other_coding():
    sure = [letter for letter in map(chr, range(128, 0x3000)) if legacy.is_composed_modern(letter.encode())]
    assert {"ă", "ộ", "Đ", "²", "₂", "–", "₫"} <= set(sure)
    for letter in sure:
        assert not legacy.is_odd(letter)
        assert all(unicodedata.is_normalized("NFC", before + letter) for before in "aoơ+")


@pytest.mark.parametrize(
    "xml", ["S\u00b6n l\u00adîng", "Sản lu\u031bợng", "S&#182;n", "S_x00B6_n", "Sản l&#x1B0;ợng"]
)
def test_what_may_need_repair_is_not_passed_over(xml):
    assert not legacy.is_composed_modern(xml.encode())
    assert not legacy.is_composed_modern(b"\xff" + xml.encode())


@pytest.mark.parametrize("told", ["&#7843;", "a&#777;", "a\u0309"])
def test_a_letter_written_as_a_code_or_in_two_parts_comes_composed(told):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.add_worksheet().write_row(0, 0, ["Tên cơ sở", "Than cXm"])
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/sharedStrings.xml":
                assert b"Than cXm" in content
                content = content.replace(b"Than cXm", f"Than c{told}m".encode())
            new.writestr(part, content)
    assert open_workbook(out.getvalue()).sheets[0].rows == [["Tên cơ sở", "Than cảm"]]


def test_a_sheet_in_an_old_font_beside_one_in_unicode_is_mended():
    old = coded("Hồ sơ nước và hồ chứa", "tcvn3")
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.add_worksheet("Nay").write(0, 0, "Sản lượng")
        book.add_worksheet("Cũ").write(0, 0, old)
    workbook = open_workbook(data.getvalue())
    assert workbook.sheet("Cũ").rows == [["Hồ sơ nước và hồ chứa"]]
    assert [problem.sheet for problem in workbook.problems] == ["Cũ"]


def test_a_sheet_whose_old_letters_unicode_has_too_is_still_mended_beside_one_in_unicode():
    old = coded("số tiền thuế", "tcvn3")
    assert legacy.is_composed_modern(old.encode())
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.add_worksheet("Nay").write(0, 0, "Sản lượng")
        book.add_worksheet("Cũ").write(0, 0, old)
    assert open_workbook(data.getvalue()).sheet("Cũ").rows == [["số tiền thuế"]]
