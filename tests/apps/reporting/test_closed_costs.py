"""What a resource cost is told to nobody who may not know its price: records, reports, quick assessments, figures."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from tests.apps.assessment import test_secret_prices
from tests.apps.assessment.conftest import PERIOD
from tests.apps.reporting.conftest import NOW

from sachhon.apps.assessment.models import Kind
from sachhon.apps.assessment.services import opening, quick_result, quick_sheet
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.registry.models import Figure, Record
from sachhon.apps.reporting.pages import address
from sachhon.apps.reporting.queries.record_findings import figures_in_doubt
from sachhon.apps.reporting.queries.verified import offers_of
from sachhon.apps.reporting.services import drafting, plausibility
from sachhon.apps.reporting.services.verified_solutions import take_over
from sachhon.documents.numbers import format_number

coal, works = test_secret_prices.coal, test_secret_prices.works
READERS = ("department", "leader")


@pytest.fixture
def everything(cast, works, coal):
    """A report of 2025 filled in from the records, a quick assessment of that year, and a bill of one month."""
    _assessment, stream, *_rest = works
    report = drafting.start_report(cast.user("factory"), cast.brick, 2025, today=NOW.date())
    quick = opening.open_assessment(cast.user("centre"), cast.brick, Kind.QUICK, **PERIOD)
    sheet = quick_sheet.pin(cast.user("centre"), quick)
    quick_result.current(quick, sheet)
    return stream, report, quick


def secrets(coal):
    """The costs of the coal, by month and by year, as they may be written."""
    rows = list(Record.objects.filter(resource=coal, year=2025))
    amounts = [*(r.cost_vnd for r in rows), sum(r.cost_vnd for r in rows)]
    return {format_number(a, "vi", 0) for a in amounts} | {
        format_number(amounts[-1] / 1e6, "vi", 1),
        *(str(a) for a in amounts),
    }


def told(client, user, cast, report, quick):
    """All that this person reads, by address."""
    client.force_login(user)
    code, record = cast.brick.code, Record.objects.filter(resource__code="coal_cam_5_6", year=2025).first()
    pages = [
        reverse("registry:facility", args=[code]) + "?nam=2025",
        reverse("registry:records", args=[code]) + "?year=2025",
        reverse("registry:records", args=[code]) + "?year=2025&item=coal_cam_5_6&sort=cost",
        reverse("registry:record", args=[code, record.pk]),
        reverse("registry:type_record", args=[code]) + f"?record={record.pk}",
        address(report, "report"),
        address(report, "history"),
        address(report, "edit", "nguyen-nhien-lieu"),
        reverse("assessment:quick_result", args=[quick.pk]),
        f"/api/v1/reports/{code}/2025/0",
        *(
            reverse("registry:figure", args=[c])
            for c in Figure.objects.filter(facility=cast.brick).values_list("code", flat=True)
        ),
    ]
    found = {url: answer.text for url in pages if (answer := client.get(url)).status_code == 200}
    for kind in ("records_export", "workbook", "quick_report"):
        found[kind] = _download(client, kind, code, report, quick)
    return found


def _download(client, kind, code, report, quick):
    if kind == "quick_report":
        body = client.get(reverse("assessment:quick_report", args=[quick.pk, "docx"])).content
        return " ".join(p.text or "" for p in Document(io.BytesIO(body)).element.body.iter(qn("w:t")))
    url = (
        reverse("registry:export_records", args=[code, "xlsx"]) + "?year=2025"
        if kind == "records_export"
        else address(report, "workbook")
    )
    book = load_workbook(io.BytesIO(client.get(url).content))
    cells = [c for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None]
    return " ".join(format_number(c, "vi", 0) if isinstance(c, int | float) else str(c) for c in cells)


def leaks(found, numbers):
    return {url: told for url, text in found.items() if (told := [n for n in numbers if n in text])}


@pytest.mark.parametrize("role", READERS)
def test_no_page_download_answer_or_figure_tells_the_cost_of_a_secret_price(
    client, cast, everything, coal, role
):
    stream, report, quick = everything
    numbers, reader = secrets(coal), cast.user(role)
    before = leaks(told(client, reader, cast, report, quick), numbers)
    assert {"records_export", address(report, "report")} <= set(before)  # without the mark they are told
    keep_secret(cast.user("factory"), stream, price=True, quantity=False)
    found = told(client, reader, cast, report, quick)
    assert leaks(found, numbers) == {}
    assert "bảo mật" in found[address(report, "report")]
    assert not [url for url in found if f"quick:{quick.pk}:cost" in url]
    both = told(client, cast.user("centre"), cast, report, quick)
    assert set(before) <= set(leaks(both, numbers))  # who works with the factory reads on


def test_who_may_not_read_a_cost_neither_wipes_it_nor_is_told_of_it(client, cast, everything, coal):
    stream, report, _quick = everything
    keep_secret(cast.user("factory"), stream, price=True, quantity=False)
    row = Record.objects.filter(resource=coal, year=2026).first()
    client.force_login(cast.user("department"))
    url = reverse("registry:type_record", args=[cast.brick.code])
    typed = {
        "item": "consumption:coal_cam_5_6", "month": f"2026-{row.month:02d}", "quantity": "21", "unit": "t",
        "source": "meter", "meter": "", "cost_vnd": "",
    }  # fmt: skip
    assert client.post(url, typed).status_code == 302
    again = Record.objects.get(pk=row.pk)
    assert (again.quantity, again.cost_vnd) == (21, row.cost_vnd)
    line = report.lines.get(resource=coal)
    form = address(report, "edit", "nguyen-nhien-lieu")
    assert f'name="line-{line.pk}-cost_vnd"' not in client.get(form).text
    client.force_login(cast.user("factory"))
    assert f'name="line-{line.pk}-cost_vnd"' in client.get(form).text


def test_a_bill_of_a_secret_price_is_not_handed_out(client, cast, everything, coal, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    stream, _report, _quick = everything
    row = Record.objects.filter(resource=coal, year=2025).first()
    row.evidence.save("hoa-don.pdf", io.BytesIO(b"%PDF-1.4"))
    url = reverse("registry:evidence", args=[cast.brick.code, row.pk])
    page = reverse("registry:facility", args=[cast.brick.code])
    client.force_login(cast.user("department"))
    assert client.get(url).status_code == 200
    assert url in client.get(page).text
    keep_secret(cast.user("factory"), stream, price=True, quantity=False)
    assert client.get(url).status_code == 404
    assert url not in client.get(page).text
    client.force_login(cast.user("centre"))
    assert client.get(url).status_code == 200


def test_a_doubt_about_a_secret_price_is_told_without_it(client, cast, everything, coal):
    stream, report, _quick = everything
    factory = cast.user("factory")
    Record.objects.filter(resource=coal, year=2025).update(cost_vnd=10_000_000_000)
    line = report.lines.get(resource=coal)
    line.cost_vnd = 123_456_000_000
    line.save()
    report.revenue_vnd = 1_000_000
    report.save()
    plausibility.run(report)
    found = {f.rule: f for f in report.findings.all()}
    assert {"price", "cost_over_revenue"} & set(found) == {"price", "cost_over_revenue"}
    for_all = figures_in_doubt(None, facility=cast.brick, years=[2025], reported=True)
    amounts = {
        format_number(Decimal(f"{found[rule].params['observed']:.4g}"), "vi")
        for rule in ("price", "cost_over_revenue")
    }
    assert all(any(a in doubt.problem.message("vi") for doubt in for_all) for a in amounts)

    def told(role):
        client.force_login(cast.user(role))
        page = client.get(address(report, "check" if role == "factory" else "report")).text
        return {a for a in amounts if a in page}, page

    assert told("department")[0] == amounts
    keep_secret(factory, stream, price=True, quantity=False)
    for role in READERS:
        seen, page = told(role)
        assert (seen, "tính ra bảo mật" in page) == (set(), True)
    assert told("factory")[0] == amounts
    kept = figures_in_doubt(None, facility=cast.brick, years=[2025], reported=True)  # read by many
    assert not [a for a in amounts for doubt in kept if a in doubt.problem.message("vi")]


def test_a_year_says_that_a_cost_is_confidential_and_not_that_none_is_known(client, cast, everything):
    stream, _report, _quick = everything
    client.force_login(cast.user("department"))
    page = reverse("registry:facility", args=[cast.brick.code]) + "?nam=2025"
    assert "bảo mật" not in client.get(page).text
    keep_secret(cast.user("factory"), stream, price=True, quantity=False)
    assert "bảo mật" in client.get(page).text
    client.force_login(cast.user("factory"))
    assert "bảo mật" not in client.get(page).text


def test_a_verified_saving_of_a_secret_price_is_offered_and_kept_without_its_money(
    client, cast, everything, coal
):
    stream, _report, _quick = everything
    factory = cast.user("factory")
    report = drafting.start_report(factory, cast.brick, 2026, today=NOW.date())
    (offer,) = offers_of(factory, report)["offers"]
    money = offer.proposal.saving_vnd
    keep_secret(factory, stream, price=True, quantity=False)
    (closed,) = offers_of(cast.user("department"), report)["offers"]
    assert (closed.money_closed, closed.proposal.saving_vnd) == (True, None)
    assert offers_of(factory, report)["offers"][0].proposal.saving_vnd == money
    take_over(factory, report, offer.proposal.key)
    shown = format_number(money / 1e6, "vi", 1)
    for role, is_told in (("department", False), ("factory", True)):
        client.force_login(cast.user(role))
        page = client.get(address(report, "report")).text
        assert (shown in page, "Mức đã xác minh là" in page) == (is_told, False)
