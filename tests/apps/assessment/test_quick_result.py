"""From bills and answers to the score, with every number recomputed by hand, and what is missing told in words."""

import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from docx import Document
from tests.apps.assessment.test_quick_sync import sent, take

from sachhon.apps.assessment.documents import quick as documents
from sachhon.apps.assessment.models import QuickResult
from sachhon.apps.assessment.queries.quick_compared import compared
from sachhon.apps.assessment.queries.quick_figures import figures
from sachhon.apps.assessment.queries.quick_result import shown
from sachhon.apps.assessment.services import quick_figures, quick_result, workflow
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.quick_figures import Typed
from sachhon.apps.assessment.services.quick_sheet import plain
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Figure, Product, Record, Resource
from sachhon.documents.paper import paper_pages
from sachhon.reference import knowledge


@pytest.fixture
def brick(walk, cast):
    """A year of a brick works: 900 thousand bricks, 45 kWh and 130 kg of coal a thousand, all billed but water."""
    walk.product = Product.objects.create(facility=cast.brick, name="Gạch đặc", unit="k_vien")
    walk.coal = Resource.objects.get(code="coal_cam_5_6")
    walk.electricity = cast.electricity
    for month in range(1, 13):
        at = {"facility": cast.brick, "year": 2025, "month": month}
        Record.objects.create(**at, flow="output", product=walk.product, quantity=75)
        Record.objects.create(
            **at, flow="consumption", resource=cast.electricity, quantity=3375, cost_vnd=6_750_000
        )
        Record.objects.create(
            **at, flow="consumption", resource=walk.coal, quantity=Decimal("9.75"), cost_vnd=29_250_000
        )
    return walk


def compare(walk, **benchmarks):
    walk.sheet.refresh_from_db()
    quick_figures.set_figures(
        walk.centre, walk.assessment, version=walk.sheet.version, typed=[], benchmarks=benchmarks
    )
    walk.sheet.refresh_from_db()


def row(code):
    """A benchmark of the data file as a sheet pins it."""
    return plain(knowledge.library_benchmarks()[code])


def computed(walk):
    walk.assessment.refresh_from_db()
    return quick_result.current(walk.assessment, walk.sheet)


def test_specific_consumption_by_hand_in_the_benchmarks_unit(brick):
    found = figures(brick.sheet)
    told = compared(found, row("bench_027"))
    assert (told.value, told.use, told.per) == (45, 40500, 900)
    assert compared(found, row("bench_028")).value == 130
    assert compared(found, row("bench_027") | {"unit_code": "kWh/t"}) is None
    # the diesel of the loader is energy too, but not coal
    Record.objects.create(
        facility=brick.assessment.facility,
        year=2025,
        month=1,
        flow="consumption",
        resource=Resource.objects.get(code="diesel"),
        quantity=1000,
    )
    assert compared(figures(brick.sheet), row("bench_028")).value == 130
    # 117 t of coal by the reference's factor (TOE a tonne), 41.868 GJ a TOE
    toe = found.uses["fuel"].lines[0].factor.value
    assert float(found.uses["fuel"].quantity) == pytest.approx(117 * float(toe) * 41.868)


@pytest.mark.parametrize(
    ("name", "weight", "counts"),
    [
        ("Gạch 6 lỗ", 1, "2.5"),  # by its kind
        ("Gạch R105 220x150x105", 1, "2.5"),  # by its size
        ("Gạch 2 lỗ", 1, "1"),
        ("Gạch 6 lỗ", Decimal("1.35"), "1.35"),  # the factory's own weight goes before
        ("Ngói mũi hài", 1, "1"),  # not told
    ],
)
def test_bricks_of_two_sizes_add_up_to_standard_bricks_of_the_benchmark(brick, cast, name, weight, counts):
    other = Product.objects.create(facility=cast.brick, name=name, unit="k_vien", norm_weight=weight)
    for month in range(1, 13):
        Record.objects.create(
            facility=cast.brick, year=2025, month=month, flow="output", product=other, quantity=10
        )
    found = figures(brick.sheet)
    made = 900 + 120 * Decimal(counts)
    told = compared(found, row("bench_027"))
    assert told.per == made
    assert told.value == pytest.approx(Decimal(40500) / made)
    compare(brick, electricity="bench_027")
    content = computed(brick).content
    assert [(b["name"], Decimal(b["value"])) for b in content["bricks"]] == [
        ("Gạch đặc", 1),
        (name, Decimal(counts)),
    ]
    remarks = " ".join(shown(brick.centre, brick.assessment, brick.sheet, computed(brick), "vi").remarks)
    assert "quy tiêu chuẩn" in remarks
    assert ("Chưa biết kích thước của Ngói mũi hài" in remarks) == (name == "Ngói mũi hài")


def test_the_score_against_benchmarks_recomputed_by_hand(brick):
    compare(brick, electricity="bench_027", fuel="bench_028")
    content = computed(brick).content
    power, fuel = (next(u for u in content["uses"] if u["kind"] == k) for k in ("electricity", "fuel"))
    assert (float(power["compared"]), power["level"]) == (45, "poor")
    assert (float(fuel["compared"]), fuel["level"]) == (130, "poor")
    # nothing answered: the benchmark alone, from good to best (32 and 26 of 45 kWh; 100 and 85 of 130 kg)
    assert power["potential"]["basis"] in ("benchmark", "both")
    low, high = 1 - 32 / 45, 1 - 26 / 45
    if power["potential"]["basis"] == "benchmark":
        assert power["potential"]["share"] == pytest.approx([low, high], abs=1e-6)
    assert power["cost"] == 81_000_000
    share = 81 / (81 + 351)
    gap = (2 + (45 - 42) / (60 - 42)) / 3
    points = [p for p in content["points"] if p["source"] == "benchmark" and p["kind"] == "electricity"]
    assert points[0]["low"] == pytest.approx(100 * share * 0.5 * gap, abs=1e-3)
    assert sum(p["low"] for p in content["points"]) == pytest.approx(content["score"]["low"], abs=0.02)
    assert sum(p["high"] for p in content["points"]) == pytest.approx(content["score"]["high"], abs=0.02)


def test_every_figure_opens_to_its_lineage(brick, client):
    compare(brick, electricity="bench_027")
    linked = next(q for q in brick.sheet.questions if q["options"] and q["resource"] == "electricity")
    take(brick.centre, brick.assessment, [sent(linked["code"], "no")])
    kept = computed(brick)
    figure = Figure.objects.get(code=f"quick:{brick.assessment.pk}:specific:electricity")
    assert figure.value == 45
    assert figure.records["count"] == 24
    assert any("bench_027 (v" in fact["code"] for fact in figure.facts)
    assert any(o["code"] in linked["options"] for o in kept.content["options"])
    client.force_login(brick.expert)
    page = client.get(reverse("assessment:quick_result", args=[brick.assessment.pk]))
    codes = {a for a in page.content.decode().split('"') if a.startswith("/co-so/") and "quick:" in a}
    assert len(codes) >= 4
    for address in codes:
        opened = client.get(address)
        assert opened.status_code == 200, address
        assert not re.search(r"\bNaN\b", opened.content.decode())


def test_no_bill_no_output_and_zero_output_are_told_in_words(walk, client, cast):
    def said():
        with override("vi"):
            return shown(walk.centre, walk.assessment, walk.sheet, computed(walk), "vi")

    assert "Chưa có hóa đơn" in " ".join(said().remarks)
    assert len(said().options) == 10
    quick_figures.set_figures(
        walk.centre,
        walk.assessment,
        version=1,
        typed=[Typed(cast.electricity, Decimal(1000), 2_000_000)],
        benchmarks={},
    )
    walk.sheet.refresh_from_db()
    assert "Chưa có sản lượng" in said().uses[0].remark
    product = Product.objects.create(facility=cast.brick, name="Gạch", unit="k_vien")
    quick_figures.set_figures(
        walk.centre,
        walk.assessment,
        version=2,
        typed=[Typed(product, Decimal(0))],
        benchmarks={"electricity": "bench_027"},
    )
    walk.sheet.refresh_from_db()
    result = said()
    assert "không có sản phẩm nào" in result.uses[0].remark
    assert result.uses[0].specific is None
    assert result.score is not None
    client.force_login(walk.expert)
    for name in ("quick_result", "quick_figures"):
        page = client.get(reverse(f"assessment:{name}", args=[walk.assessment.pk]))
        assert page.status_code == 200
        assert not re.search(r"\bNaN\b", page.content.decode())
    assert computed(walk).content


def test_missing_months_are_named_and_only_shared_months_count(brick):
    Record.objects.filter(resource=brick.electricity, month__in=(3, 7)).delete()
    found = figures(brick.sheet)
    assert found.missing["Điện lưới"] == [(2025, 3), (2025, 7)]
    told = compared(found, row("bench_027"))
    value, use, output = told.value, told.use, told.per
    assert (value, use, output) == (45, 33750, 750)


def test_figures_of_two_people_are_not_mixed(brick):
    quick_figures.set_figures(brick.centre, brick.assessment, version=1, typed=[], benchmarks={})
    with pytest.raises(AssessmentError, match="người khác"):
        quick_figures.set_figures(brick.expert, brick.assessment, version=1, typed=[], benchmarks={})


def test_a_signed_result_stays_as_it_was_signed(brick):
    before = computed(brick).content
    for step in ("send", "sign"):
        workflow.move(brick.centre, brick.assessment, step, now=timezone.now())
    Record.objects.filter(resource=brick.electricity).update(quantity=1)
    assert computed(brick).content == before
    workflow.move(brick.centre, brick.assessment, "reopen", now=timezone.now(), reason="Sửa số điện")
    assert computed(brick).content != before


def test_a_signed_result_of_older_rules_says_so_and_is_judged_anew_when_it_is_opened_again(brick, client):
    kept, centre = computed(brick), brick.centre
    pk = brick.assessment.pk
    for step in ("send", "sign"):
        workflow.move(centre, brick.assessment, step, now=timezone.now())
    type(kept).objects.filter(pk=kept.pk).update(
        content=kept.content | {"version": 2}, fingerprint="of the content then"
    )
    url = reverse("assessment:quick_result", args=[pk])
    client.force_login(brick.expert)
    text = client.get(url).text
    assert "theo quy tắc phiên bản 2" in text
    assert "Mở lại và xét lại" not in text  # only who signs may open it again
    client.force_login(centre)
    assert "Mở lại và xét lại" in client.get(url).text
    brick.assessment.refresh_from_db()
    workflow.move(centre, brick.assessment, "reopen", now=timezone.now(), reason="Quy tắc mới")
    assert "theo quy tắc phiên bản" not in client.get(url).text
    kept.refresh_from_db()
    assert kept.content["version"] == quick_result.VERSION
    entry = AuditEntry.objects.filter(verb="assessment.reopen").get()
    assert (entry.actor, entry.after["reason"]) == (centre, "Quy tắc mới")


def test_reading_again_computes_nothing_again(brick, django_assert_max_num_queries):
    first = computed(brick)
    stamp = first.computed_at
    assert computed(brick).computed_at == stamp
    assert QuickResult.objects.count() == 1


def test_the_figures_form_takes_vietnamese_numbers_and_names_what_is_none(brick, client):
    client.force_login(brick.expert)
    url = reverse("assessment:quick_figures", args=[brick.assessment.pk])
    key = f"r{brick.electricity.pk}"
    wrong = client.post(url, {"version": 1, f"{key}-quantity": "bốn mươi"})
    assert "không phải là số" in wrong.content.decode() or "bốn mươi" in wrong.content.decode()
    assert not brick.sheet.typed.exists()
    right = client.post(url, {"version": 1, f"{key}-quantity": "36.000,5", f"{key}-cost": "72.001.000"})
    assert right.status_code == 302
    typed = brick.sheet.typed.get()
    assert (typed.quantity, typed.cost_vnd) == (Decimal("36000.5"), 72_001_000)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_report_says_the_same_in_word_and_has_its_sections(brick, client, lang):
    compare(brick, electricity="bench_027", fuel="bench_028")
    for n, value in enumerate(("no", "partly", "yes", "no", "not_applicable", "no")):
        take(brick.centre, brick.assessment, [sent(brick.codes[n], value)])
    client.force_login(brick.expert)
    address = reverse("assessment:quick_report", args=[brick.assessment.pk, "docx"])
    got = client.get(f"{address}?ngon-ngu={lang}")
    assert got.status_code == 200
    document = Document(io.BytesIO(got.content))
    text = "\n".join(p.text for p in document.paragraphs)
    assert ("Mười giải pháp" if lang == "vi" else "ten options") in text
    cells = {c.text for t in document.tables for r in t.rows for c in r.cells}
    assert any(c.startswith("45 ") for c in cells)
    assert len(document.inline_shapes) == 2


def test_the_report_is_a_pdf_of_four_to_six_pages(brick, client):
    compare(brick, electricity="bench_027", fuel="bench_028")
    for code in brick.codes[:20]:
        take(brick.centre, brick.assessment, [sent(code, "no")])
    client.force_login(brick.expert)
    got = client.get(reverse("assessment:quick_report", args=[brick.assessment.pk, "pdf"]))
    assert got.content[:5] == b"%PDF-"
    pages = paper_pages(
        documents.paper(brick.centre, brick.assessment, brick.sheet, computed(brick), "vi"), ppi=20
    )
    assert 4 <= len(pages) <= 6


def use(walk, resource, quantity, cost):
    """A year's bill of one resource, typed on site."""
    walk.sheet.refresh_from_db()
    typed = [Typed(Resource.objects.get(code=resource), Decimal(quantity), cost)]
    benchmarks = {kind: b["code"] for kind, b in walk.sheet.benchmarks.items()}
    quick_figures.set_figures(
        walk.centre, walk.assessment, version=walk.sheet.version, typed=typed, benchmarks=benchmarks
    )
    walk.sheet.refresh_from_db()


def test_a_saving_is_put_onto_the_resource_it_is_of_and_never_exceeds_its_base(brick):
    """Logging diesel by machine saves 10–25 % of half to all of the diesel (TRN-06), and nothing of the kiln's coal."""
    use(brick, "diesel", 2000, 40_000_000)
    take(brick.centre, brick.assessment, [sent("general.32", "no")])
    content = computed(brick).content
    diesel = [o for o in content["options"] if o["code"] in ("TRN-06", "TRN-02")]
    assert {o["code"]: o["vnd"] for o in diesel} == {
        "TRN-06": [2_000_000, 10_000_000],
        "TRN-02": [360_000, 4_000_000],
    }
    take(brick.centre, brick.assessment, [sent(q["code"], "no") for q in brick.sheet.questions])
    fuel = next(u for u in computed(brick).content["uses"] if u["kind"] == "fuel")
    assert fuel["potential"]["vnd"][1] < 391_000_000 * 0.95
    for one in computed(brick).content["options"]:
        assert one["vnd"][1] <= 391_000_000 + 81_000_000


def test_what_the_facility_has_no_figure_of_is_not_told(brick):
    take(brick.centre, brick.assessment, [sent("general.32", "no")])
    kept = computed(brick)
    told = {o["code"]: o["told"] for o in kept.content["options"]}
    assert told.get("TRN-06", False) is False
    with override("vi"):
        result = shown(brick.centre, brick.assessment, brick.sheet, kept, "vi")
    for one in result.options:
        assert (one.vnd is None) == (not any(kept.content["options"][one.rank - 1]["vnd"]))
        if not told[one.code]:
            assert one.not_told.startswith("không tính được")


def test_seen_on_site_prints_what_was_noted_and_nothing_else(brick):
    asked = [q for q in brick.sheet.questions if q["options"]][:2]
    take(
        brick.centre,
        brick.assessment,
        [
            sent(asked[0]["code"], "no"),
            sent(asked[0]["code"], "đống than ướt", field="note"),
            sent(asked[1]["code"], "no"),
        ],
    )
    kept = computed(brick)
    file = documents.report(brick.centre, brick.assessment, brick.sheet, kept, "vi", "docx")
    rows = [
        [c.text for c in row.cells]
        for table in Document(io.BytesIO(file)).tables
        if "Ghi nhận tại chỗ" in table.rows[0].cells[-1].text
        for row in table.rows[1:]
    ]
    assert {row[0]: row[-1] for row in rows} == {
        asked[0]["text_vi"]: "đống than ướt",
        asked[1]["text_vi"]: "",
    }


def test_a_bill_for_a_quantity_of_nothing_is_refused_and_promises_nothing(brick, client):
    with pytest.raises(AssessmentError):
        use(brick, "water", 0, 45_000_000)
    client.force_login(brick.expert)
    address = reverse("assessment:quick_figures", args=[brick.assessment.pk])
    water = Resource.objects.get(code="water")
    told = client.post(
        address,
        {
            "version": brick.sheet.version,
            "extra-0": water.pk,
            "extra-0-quantity": "0",
            "extra-0-cost": "45.000.000",
        },
    )
    assert "Có tiền mà lượng bằng 0" in told.content.decode()
    # one that was stored before it was refused
    brick.sheet.typed.create(resource=water, quantity=0, cost_vnd=45_000_000, by_name="")
    take(brick.centre, brick.assessment, [sent(q["code"], "no") for q in brick.sheet.questions])
    content = computed(brick).content
    kept = next(u for u in content["uses"] if u["kind"] == "water")
    assert kept["cost"] is None
    assert kept["potential"] is None or not any(kept["potential"]["vnd"])
    assert not any("water" in o["by_kind"] and any(o["by_kind"]["water"]) for o in content["options"])


def test_a_figure_between_two_levels_far_apart_is_not_called_by_the_worse(brick):
    """Best 110 and poor 700 g of coal a brick: 130 g lies between, by far nearer to the best."""
    compare(brick, fuel="bench_024")
    kept = computed(brick)
    fuel = next(u for u in kept.content["uses"] if u["kind"] == "fuel")
    assert (float(fuel["compared"]), fuel["level"]) == (130, "best:poor")
    with override("vi"):
        said = next(
            u for u in shown(brick.centre, brick.assessment, brick.sheet, kept, "vi").uses if u.kind == "fuel"
        )
    assert said.level.startswith("giữa mức")


def test_the_terms_of_the_score_add_up_to_it_and_costs_of_a_saving_are_told(brick):
    take(brick.centre, brick.assessment, [sent(q["code"], "no") for q in brick.sheet.questions])
    content = computed(brick).content
    score = Figure.objects.get(code=f"quick:{brick.assessment.pk}:score")
    assert len(content["points"]) > 12
    assert sum(Decimal(t["value"]) for t in score.terms) == pytest.approx(score.value, abs=Decimal("0.01"))
    for figure in Figure.objects.filter(code__startswith=f"quick:{brick.assessment.pk}:saving:"):
        assert all(term["value"] is not None for term in figure.terms), figure.code
