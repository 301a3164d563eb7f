"""A small province counted by hand: from records and reports to figures, report, issue and comparison."""

import datetime
import io
import resource
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from sachhon.apps.people.models import AuditEntry
from sachhon.apps.programme.models import FacilityStanding, TargetResult
from sachhon.apps.registry.models import Area, Facility, Figure, Product, Record, Resource, Trade
from sachhon.apps.registry.queries.lineage import as_text, explain
from sachhon.apps.registry.services.facilities import set_year_figures
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.facts import ProvinceFacts
from sachhon.apps.reporting.models import (
    AnnualReport,
    Finding,
    ProvinceReport,
    ProvinceRollup,
    ReportNeed,
    ReportSolution,
    Saving,
)
from sachhon.apps.reporting.services import drafting, plausibility, province, record_doubts, workflow
from sachhon.apps.reporting.services.province import issuing
from sachhon.apps.reporting.services.province.reading import rollup_data
from sachhon.apps.reporting.services.savings import recompute
from sachhon.documents.cites import split_cites
from sachhon.documents.compose import Paragraph, compose
from sachhon.documents.numbers import format_number, format_percent, format_vnd
from sachhon.reference.units import unit_label

from .conftest import moment

TODAY = datetime.date(2026, 12, 20)
YEAR = 2026
PLAN = "langson_2026_2030"


@pytest.fixture
def small(cast, settings, tmp_path):
    """Ten facilities: six report on time, one late, one gives its report back, two say nothing."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    return Small(cast)


class Small:
    """The province, by hand.

    nos. 1–4 apply (a valid solution each), 5 only treats, 6 says yes without a solution, 7 (late) says no,
    8 returned, 9 and 10 silent; 1 is large, 2 and 3 medium, the others micro. 1 has a unit with names, 2 says
    it has none. 1 saves 10 % electricity per brick against 2025, 2 saves 5 %.
    """

    def __init__(self, cast):
        self.cast = cast
        self.department = cast.user("department")
        self.electricity = cast.electricity
        commune = Area.objects.get(code="06385", valid_to=None)
        common = {"enterprise": cast.brick_enterprise, "province_code": "20", "area": commune}
        brick, quarry = Trade.objects.get(code="brick"), Trade.objects.get(code="quarry")
        Facility.objects.filter(province_code="20").delete()
        self.facilities = [
            Facility.objects.create(
                code=f"LS-{n:04}", name=f"Cơ sở số {n}", trade=brick if n <= 5 else quarry, **common
            )
            for n in range(1, 11)
        ]
        for n, employees in ((1, 400), (2, 150), (3, 150)):
            self.size(n, employees, 150_000_000_000 if n > 1 else 900_000_000_000)
        for n in range(4, 11):
            self.size(n, 5, 1_000_000_000)
        self.report(1, cp_unit="yes", cp_unit_decision="12/QĐ", cp_unit_people=["Bế Văn A"])
        self.report(2, cp_unit="no")
        self.report(3)
        self.report(4)
        self.report(5, solutions=False)
        self.report(6, solutions=False, cp_applying="yes")
        self.report(7, solutions=False, cp_applying="no", cp_aware="no", on_time=False)
        self.report(8, state="returned", solutions=False, cp_applying="no")
        self.reports[1].solutions.update(done_on=datetime.date(2024, 5, 1))
        ReportSolution.objects.create(report=self.reports[5], name="Bể lắng", group="treatment")
        for n, now in ((1, "900"), (2, "950")):
            self.months(n, 2025, "1000")
            self.months(n, 2026, now)
        recompute([f.pk for f in self.facilities], [2025, 2026])
        for n, text in ((1, "Thiếu vốn"), (2, "thiếu vốn"), (3, "Thiếu người")):
            ReportNeed.objects.create(report=self.reports[n], kind="difficulty", text=text)

    reports: dict[int, AnnualReport]

    def size(self, n, employees, money):
        set_year_figures(
            self.department, self.facilities[n - 1], 2025, employees=employees, revenue_vnd=money, capital_vnd=money
        )  # fmt: skip

    def report(self, n, *, state="accepted", solutions=True, on_time=True, **fields):
        sent = moment(2026, 12, 10 if on_time else 18, 9)
        report = AnnualReport.objects.create(
            facility=self.facilities[n - 1], year=YEAR, state=state, on_time=on_time, first_submitted_at=sent, **fields
        )  # fmt: skip
        if solutions:
            ReportSolution.objects.create(
                report=report, name="Đèn LED", group="equipment_modification", investment_vnd=20_000_000,
                saving_vnd_per_year=5_000_000, savings=[{"resource": "electricity", "quantity": "1.2", "unit": "MWh"}],
            )  # fmt: skip
        self.reports = {**getattr(self, "reports", {}), n: report}
        return report

    def months(self, n, year, electricity):
        facility = self.facilities[n - 1]
        product, _made = Product.objects.get_or_create(facility=facility, name="Gạch", unit="k_vien")
        rows = []
        for month in range(1, 13):
            rows.append(RecordRow(year, month, "output", Decimal(10), product=product))
            rows.append(
                RecordRow(
                    year, month, "consumption", Decimal(electricity), resource=self.electricity,
                    cost_vnd=int(Decimal(electricity) * 2000),
                )
            )  # fmt: skip
        write_records(self.department, facility, rows)

    def refresh(self, year=YEAR):
        return province.refresh(self.department, "20", year, TODAY)

    def result(self, indicator, year=YEAR) -> TargetResult:
        return TargetResult.objects.get(target_code=f"{PLAN}.{indicator}", year=year, headline=True)

    def issue(self, audience="peoples_committee"):
        report = province.draft(self.department, "20", YEAR, audience)
        return province.issue(
            self.department, report, number="215", dated=datetime.date(2027, 1, 5), signer_name="Nguyễn Văn Mẫu"
        )  # fmt: skip


def value(*parts) -> Decimal | None:
    return Figure.objects.get(code=":".join(["province", "20", str(YEAR), *parts])).value


def test_targets_are_what_a_hand_counts(small):
    small.refresh()
    aware, applying, unit = (small.result(i) for i in ("aware", "applying", "cp_unit"))
    # aware: 1–4 by their solutions, 7 says no; 5, 6, 8, 9, 10 answer nothing
    assert (aware.numerator, aware.known, aware.denominator) == (4, 5, 10)
    assert aware.estimate == 80
    assert aware.gap_facilities == 5
    # applying: 1–4 yes, 5 only treats and 7 says no; 6 says yes without proof, 8 was returned, 9 and 10 silent
    assert (applying.numerator, applying.known, applying.denominator) == (4, 6, 10)
    assert (applying.met, applying.gap_facilities) == ("yes", 0)
    assert applying.estimate == Decimal("66.6667")
    # a CP unit counts for the large and the two medium ones: yes, no, unknown
    assert (unit.numerator, unit.known, unit.denominator) == (1, 2, 3)
    assert unit.met == "no"  # 70 % of three is three, and one of them is known to have none


def test_the_saving_of_those_applying_is_weighted_and_not_mixed_between_states(small):
    small.refresh()
    saving = small.result("saving")
    # 1 saves 1200 of 12000 kWh, 2 saves 600 of 12000: 1800 / 24000 = 7,5 %; one of two reaches 8 %
    assert (saving.basis, saving.numerator, saving.known, saving.denominator) == ("reported", 1, 2, 4)
    assert saving.estimate == Decimal("7.5000")
    assert saving.share == 50
    assert value("saving", "reported", "electricity") == 1800
    assert value("saving", "reported") == 3_600_000
    # four solutions, 1.2 MWh each, calculated: they stand apart and are worth what the factories say
    assert value("saving", "estimated", "electricity") == 4800
    assert value("saving", "estimated") == 20_000_000


def test_what_all_reporters_changed_is_kept_apart_from_what_those_applying_saved(small):
    """No. 5 applies nothing and burns more: it lowers the sum of all reports, not what those applying saved."""
    for year, used in ((2025, "1000"), (2026, "1100")):
        small.months(5, year, used)
    recompute([f.pk for f in small.facilities], [2025, 2026])
    data = rollup_data(small.refresh(), "vi")
    (reported,) = [t for t in data.saving_totals if t.state == "reported"]
    assert (reported.facilities, reported.applying.facilities) == (3, 2)
    assert (reported.vnd, reported.applying.vnd) == (1_200_000, 3_600_000)  # 1800 kWh saved, 1200 more used
    said = " ".join(b.text for b in compose(data, "vi").content["savings"] if isinstance(b, Paragraph))
    assert "trong đó 02 cơ sở đang áp dụng SXSH" in said
    assert data.solutions.saving_state == "estimated"


def test_a_verified_saving_is_a_result_of_its_own(small):
    Saving.objects.filter(report__facility=small.facilities[0]).update(state="verified")
    small.refresh()
    rows = TargetResult.objects.filter(target_code=f"{PLAN}.saving")
    assert {(r.basis, r.known) for r in rows} == {("verified", 1), ("reported", 1)}
    assert value("saving", "verified", "electricity") == 1200
    assert value("saving", "reported", "electricity") == 600


def test_reports_in_time_energy_and_voices(small):
    rollup = small.refresh()
    data = rollup_data(rollup, "vi")
    status = data.reporting
    assert (status.required, status.on_time, status.late, status.missing) == (10, 7, 1, 2)
    assert value("reporting") == 70
    assert [r.facility for r in status.rows] == ["Cơ sở số 7", "Cơ sở số 10", "Cơ sở số 9"]
    assert status.rows[0].days_late == 4
    electricity = next(r for r in data.consumption.rows if "Điện" in r.resource)
    assert electricity.by_year[-2:] == (24000, 22200)
    assert value("toe") == Decimal("22200") * Decimal("0.0001543")
    assert data.difficulties[0].facilities == 2
    assert data.solutions.total.solutions == 4
    assert data.solutions.filed_as_treatment == 1


@pytest.mark.parametrize(("lang", "unit"), [("vi", "tCO₂tđ"), ("en", "tCO₂e")])
def test_greenhouse_gases_have_one_unit_in_table_text_and_footnotes(small, lang, unit):
    data = rollup_data(small.refresh(), lang)
    (_toe, co2) = data.consumption.totals
    assert co2.unit == unit
    figure = Figure.objects.get(code=co2.figure_code)
    assert unit_label(figure.unit, lang) == unit
    report = compose(data, lang)
    said = " ".join(b.text for blocks in report.content.values() for b in blocks if isinstance(b, Paragraph))
    assert unit in said
    assert "tấn CO₂" not in said
    assert "t of CO₂" not in said


def test_bills_without_a_report_are_marked_and_in_grave_doubt_in_no_sum(small):
    """No. 9 has sent no report, only bills: they count, named as what no officer has accepted."""
    small.months(9, YEAR, "100")
    data = rollup_data(small.refresh(), "vi")
    row = next(r for r in data.consumption.rows if "Điện" in r.resource)
    assert row.by_year[-1] == 23400  # nos. 1 and 2, accepted, and no. 9
    assert row.accepted_percent == Decimal(22200) / 23400 * 100
    assert row.unreported_percent == Decimal(1200) / 23400 * 100
    figure = Figure.objects.get(code=f"province:20:{YEAR}:consumption:electricity")
    terms = {term["label_vi"]: Decimal(term["value"]) for term in figure.terms}
    assert terms["Theo báo cáo năm đã chấp nhận"] == 22200
    assert terms["Theo báo cáo năm đã nộp chờ duyệt"] == 0
    assert terms["Theo hóa đơn, sổ theo dõi của cơ sở chưa nộp báo cáo"] == 1200
    said = " ".join(b.text for b in compose(data, "vi").content["consumption"] if isinstance(b, Paragraph))
    assert "94,9% theo báo cáo năm đã được chấp nhận" in said
    assert "5,1% theo hóa đơn, sổ theo dõi" in said

    bill = RecordRow(
        YEAR,
        1,
        "consumption",
        Decimal(100),
        resource=small.electricity,
        cost_vnd=20_000_000_000,
        source="invoice",
    )
    write_records(small.department, small.facilities[8], [bill])  # 200 million a kWh
    data = rollup_data(small.refresh(), "vi")
    row = next(r for r in data.consumption.rows if "Điện" in r.resource)
    assert (row.by_year[-1], row.unreported_percent) == (22200, 0)
    assert data.reporting.held_records == ("Cơ sở số 9",)
    said = " ".join(b.text for b in compose(data, "vi").content["reporting"] if isinstance(b, Paragraph))
    assert (
        "hóa đơn, sổ theo dõi của 01 cơ sở chưa có báo cáo còn nghi vấn chưa giải quyết (Cơ sở số 9)" in said
    )

    for doubt in Finding.objects.filter(facility=small.facilities[8], level="error"):
        record_doubts.explain(
            small.department,
            doubt,
            "Gồm tiền điện còn nợ của các năm trước, theo hóa đơn số 12",
            now=timezone.now(),
        )
    assert ProvinceRollup.objects.get(year=YEAR).is_stale
    data = rollup_data(small.refresh(), "vi")
    row = next(r for r in data.consumption.rows if "Điện" in r.resource)
    assert row.by_year[-1] == 23400
    assert data.reporting.held_records == ()


def test_a_report_in_grave_doubt_is_held_out_of_every_sum_until_it_is_settled(small):
    report = small.reports[1]
    AnnualReport.objects.filter(pk=report.pk).update(state="submitted")
    doubt = Finding.objects.create(report=report, rule="month_unit_slip", key="k", level="error", params={})
    data = rollup_data(small.refresh(), "vi")
    assert data.reporting.held == ("Cơ sở số 1",)
    assert (data.reporting.on_time, data.reporting.required) == (7, 10)  # it was sent all the same
    electricity = next(r for r in data.consumption.rows if "Điện" in r.resource)
    assert electricity.by_year[-2:] == (24000, 11400)  # of 2026 that of no. 2 alone
    assert value("saving", "reported", "electricity") == 600
    figure = Figure.objects.get(code=f"province:20:{YEAR}:consumption:electricity")
    assert figure.records["count"] == 12
    plausibility.explain(
        small.department, doubt, "Đã xem hóa đơn số 15 ngày 03/12, số này đúng.", now=moment(2026, 12, 20, 9)
    )
    data = rollup_data(small.refresh(), "vi")
    assert data.reporting.held == ()
    assert value("saving", "reported", "electricity") == 1800
    assert value("toe") == Decimal("22200") * Decimal("0.0001543")


def test_years_are_compared_over_the_facilities_with_records_of_both(small):
    small.months(3, 2026, "5000")  # a newcomer: no rise of anybody's consumption
    data = rollup_data(small.refresh(), "vi")
    (toe, _co2) = data.consumption.totals
    assert data.consumption.paired_facilities == 2
    assert toe.change_percent == Decimal("-7.5")  # 22200 against 24000 kWh
    assert data.consumption.reporters.by_year == (0, 0, 0, 2, 3)
    said = next(b.text for b in compose(data, "vi").content["consumption"] if isinstance(b, Paragraph))
    assert "tổng của các năm không so sánh trực tiếp được" in said


def test_every_figure_of_the_data_can_be_looked_up_and_tells_its_rule_and_source(small):
    data = rollup_data(small.refresh(), "vi")
    codes = {t.figure_code for t in data.targets} | {s.figure_code for s in data.savings}
    codes |= {r.figure_code for b in data.breakdowns for r in (*b.rows, b.total)}
    codes |= {r.figure_code for r in (*data.consumption.rows, *data.consumption.totals)}
    codes |= {data.reporting.figure_code, data.introduction.facilities.figure_code}
    codes |= {v.figure_code for v in data.difficulties} | {s.figure_code for s in data.solutions.rows}
    assert set(Figure.objects.filter(code__in=codes).values_list("code", flat=True)) == codes
    text = as_text(small.department, Figure.objects.get(code=f"target:{PLAN}.applying:20:{YEAR}"))
    assert "4 / 6" in text
    assert "judging_rules.applying.v1" in text
    assert "denominator_rules.facilities" in text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_note_of_the_text_stands_behind_the_number_of_its_figure(small, lang):
    data = rollup_data(small.refresh(), lang)
    noted = 0
    for blocks in compose(data, lang).content.values():
        for text in (b.text for b in blocks if isinstance(b, Paragraph)):
            before = ""
            for words, code in split_cites(text):
                if code is None:
                    before += words
                    continue
                value = Figure.objects.get(code=code).value
                said = {
                    format_number(value, lang, 0), format_number(value, lang, 1), format_percent(value, lang),
                    format_vnd(int(value), lang, "million"), f"0{value:.0f}",
                }  # fmt: skip
                assert before.endswith(tuple(said)), (before[-60:], code, value)
                noted += 1
    assert noted >= 8


def test_each_count_opens_to_the_list_it_counts(small):
    small.refresh()
    behind = {}
    for parts in ("facilities", "key_users", "sector:brick", "reporting", "solutions", "difficulty:1"):
        figure = Figure.objects.get(code=f"province:20:{YEAR}:{parts}")
        behind[parts] = explain(small.department, figure).behind[1]
    assert behind["sector:brick"] == reverse("registry:facilities") + "?trade=brick"
    assert behind["key_users"].endswith("?key_energy_user=yes")
    assert behind["reporting"] == behind["solutions"] == f"{reverse('reporting:reports')}?year={YEAR}"
    saving = Figure.objects.get(code=f"target:{PLAN}.saving:20:{YEAR}")
    sums = {t["symbol"]: Decimal(t["value"]) for t in saving.terms if t["symbol"].startswith("Σ")}
    assert sums["Σ ΔE"] / sums["Σ E*"] * 100 == pytest.approx(saving.value, rel=Decimal("0.001"))


def test_a_commune_that_ended_counts_in_the_one_that_took_over(small):
    old = Area.objects.filter(
        province_code="20", level="commune", valid_to__isnull=False, successors__valid_to=None
    ).first()
    Facility.objects.filter(pk=small.facilities[9].pk).update(area=old)
    from sachhon import reference

    heir = reference.successor(old.key, TODAY)
    facts = ProvinceFacts("20", 2016, TODAY)
    rows = [row for row in facts._facility_years() if row[0] == small.facilities[9].pk]
    assert {row[4] for row in rows} == {heir.key}
    assert {row[9] for row in rows} == set(range(2012, 2017))


def test_a_year_of_an_older_plan_is_judged_by_that_plan(small):
    small.refresh(2018)
    assert set(TargetResult.objects.filter(year=2018).values_list("plan_code", flat=True)) == {
        "langson_2016_2020"
    }


def test_computing_again_changes_nothing_and_takes_no_more_queries_for_more_facilities(small):
    small.refresh()
    before = dict(Figure.objects.values_list("code", "value"))
    with CaptureQueriesContext(connection) as few:
        small.refresh()
    assert dict(Figure.objects.values_list("code", "value")) == before
    for n in range(11, 60):
        Facility.objects.create(
            code=f"LS-{n:04}", name=f"Cơ sở số {n}", trade=small.facilities[0].trade, area=small.facilities[0].area,
            enterprise=small.cast.brick_enterprise, province_code="20",
        )  # fmt: skip
    small.refresh()
    with CaptureQueriesContext(connection) as many:
        small.refresh()
    assert len(many) == len(few)


def test_an_issued_report_stays_as_it_was_while_the_comparison_shows_what_changed(small):
    small.refresh()
    issued = small.issue()
    assert province.compare(issued) == []
    snapshot = ProvinceReport.objects.values_list("data", flat=True).get(pk=issued.pk)
    small.months(1, 2026, "800")
    recompute([small.facilities[0].pk], [2026])
    small.refresh()
    changed = {d.code: d for d in province.compare(issued)}
    code = f"province:20:{YEAR}:saving:reported:electricity"
    assert (changed[code].issued, changed[code].now) == (1800, 3000)
    # Units as they are printed, in the comparison and in the formulas of the footnotes.
    assert {d.unit for d in changed.values()} & {"đồng", "tCO₂tđ"}
    assert not {d.unit for d in changed.values()} & {"VND", "tCO2e", "m3", "t"}
    formulas = Figure.objects.filter(province_code="20").values_list("formula", flat=True)
    assert not [formula for formula in formulas if "tCO2e" in formula or "VND" in formula]
    assert ProvinceReport.objects.values_list("data", flat=True).get(pk=issued.pk) == snapshot
    assert Figure.objects.get(code=changed[code].issued_code).value == 1800


def test_the_database_refuses_any_change_of_what_was_issued(small):
    small.refresh()
    issued = small.issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProvinceReport.objects.filter(pk=issued.pk).update(number="999")
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.filter(issued=True).update(value=1)
    ProvinceReport.objects.filter(pk=issued.pk).update(issued_by=None)  # an account may be removed
    with pytest.raises(province.AlreadyIssued):
        province.issue(
            small.department, issued, number="1", dated=TODAY, signer_name="Người khác"
        )  # fmt: skip
    with pytest.raises(province.AlreadyIssued):
        province.write_texts(small.department, issued, {"remarks": ["Khác"]})


def test_a_correction_is_a_new_issue_with_files_of_its_own(small):
    small.refresh()
    first, second = small.issue(), small.issue()
    assert (first.issue, second.issue) == (1, 2)
    assert first.docx.name != second.docx.name
    assert Path(first.docx.path).exists()
    assert Path(second.docx.path).exists()


def test_word_and_excel_hold_the_numbers_of_the_figures_in_the_official_form(small):
    small.refresh()
    issued = small.issue()
    word = Document(issued.docx.path)
    text = "\n".join(p.text for p in word.paragraphs)
    text += "\n".join(c.text for t in word.tables for r in t.rows for c in r.cells)
    for wanted in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 215/BC-SCT",
        "ngày 05 tháng 01 năm 2027",
        "Nơi nhận:",
    ):
        assert wanted in text
    assert "66,7%" in text  # applying
    assert "7,5%" in text  # saving
    book = load_workbook(io.BytesIO(Path(issued.xlsx.path).read_bytes()), read_only=True)
    cells = {c for sheet in book for row in sheet.iter_rows(values_only=True) for c in row}
    assert 1800 in cells
    assert any(str(c).endswith("issue-1-peoples_committee") for c in cells)
    assert Path(issued.pdf.path).read_bytes().startswith(b"%PDF")


def test_both_addressees_get_a_head_of_their_own(small):
    small.refresh()
    committee, ministry = (
        province.report_data(small.issue(a)).letterhead for a in ("peoples_committee", "ministry")
    )
    assert committee.addressees == ("Ủy ban nhân dân tỉnh Lạng Sơn",)
    assert ministry.addressees == ("Bộ Công Thương",)
    assert "Sở Nông nghiệp và Môi trường tỉnh Lạng Sơn" in committee.copies_to


@contextmanager
def full_disk(limit: int):
    """No file may grow beyond `limit` bytes: what a full disk does to a writer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_issues_nothing_and_says_what_to_do(small):
    small.refresh()
    report = province.draft(small.department, "20", YEAR, "peoples_committee")
    with full_disk(20_000), pytest.raises(province.NotIssued) as refused:
        province.issue(small.department, report, number="215", dated=TODAY, signer_name="Nguyễn Văn Mẫu")
    assert str(refused.value)
    report.refresh_from_db()
    assert (report.state, report.number) == ("draft", "")
    assert not Figure.objects.filter(issued=True).exists()
    folder = Path(settings.MEDIA_ROOT) / "issued"
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    assert small.issue().state == "issued"


@pytest.mark.parametrize("role", ["leader", "ministry", "inspector", "centre", "factory", "expert"])
def test_only_the_department_writes_and_issues(small, role):
    small.refresh()
    report = province.draft(small.department, "20", YEAR, "ministry")
    with pytest.raises(PermissionDenied):
        province.draft(small.cast.user(role), "20", YEAR, "ministry")
    with pytest.raises(PermissionDenied):
        province.issue(small.cast.user(role), report, number="1", dated=TODAY, signer_name="A")


def test_nobody_writes_the_report_of_another_province(small):
    with pytest.raises(province.ProvinceError):
        province.draft(small.department, "19", YEAR, "ministry")


def test_an_officer_is_warned_of_what_a_careful_one_would_look_for(small):
    AnnualReport.objects.filter(pk=small.reports[3].pk).update(state="submitted")
    small.refresh()
    report = province.draft(small.department, "20", YEAR, "peoples_committee")
    codes = {w.code: w.count for w in province.check(report, datetime.date(2026, 12, 1))}
    assert codes["missing"] == 2
    assert codes["not_accepted"] == 1
    assert {"early", "demo_plan", "unclear"} <= set(codes)
    small.months(2, 2026, "700")
    assert "stale" in {w.code for w in province.check(report, TODAY)}


def test_a_figure_older_than_its_records_says_so_on_its_page(small, client):
    small.refresh()
    client.force_login(small.department)
    address = reverse("registry:figure", args=[f"province:20:{YEAR}:toe"])
    assert "cũ hơn số liệu" not in client.get(address).content.decode()
    small.months(2, 2026, "700")
    page = client.get(address).content.decode()
    assert "Số tổng hợp cũ hơn số liệu hiện có." in page
    assert f'href="{reverse("reporting:province")}?year={YEAR}"' in page


def test_what_is_proposed_first_writes_its_counts_as_an_office_does(small):
    small.refresh()
    report = province.draft(small.department, "20", YEAR, "peoples_committee")
    (proposal,) = report.texts["proposals"]
    assert f"đôn đốc 0{province.report_data(report).reporting.missing} cơ sở" in proposal
    assert "các xã, phường" in proposal


def test_drafting_and_issuing_are_in_the_history(small):
    small.refresh()
    small.issue()
    verbs = AuditEntry.objects.filter(object_type="reporting.provincereport").values_list("verb", flat=True)
    assert set(verbs) == {"province.draft", "province.issue"}


def test_without_figures_no_report_can_be_issued(small):
    report = province.draft(small.department, "20", YEAR, "ministry")
    with pytest.raises(province.NotComputed):
        province.issue(small.department, report, number="1", dated=TODAY, signer_name="A")


def test_a_report_that_moves_asks_for_the_figures_once(small, django_capture_on_commit_callbacks):
    from sachhon.apps.reporting.services import workflow

    AnnualReport.objects.filter(pk__in=[small.reports[1].pk, small.reports[2].pk]).update(state="submitted")
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        for n in (1, 2):
            small.reports[n].refresh_from_db()
            workflow.accept(small.cast.user("centre"), small.reports[n], now=moment(2026, 12, 20, 9))
    assert len(callbacks) == 1
    rollup = ProvinceRollup.objects.get(province_code="20", year=YEAR)
    assert rollup.state == "done"
    assert not rollup.queued
    assert FacilityStanding.objects.filter(year=YEAR).count() == 10


def test_a_failed_computation_says_so_and_leaves_the_figures_of_before(small, monkeypatch):
    rollup = small.refresh()
    Resource.objects.filter(code="electricity").update(kind="khong-co")
    small.months(3, 2026, "500")
    with pytest.raises(Exception, match="khong-co"):
        small.refresh()
    after = ProvinceRollup.objects.get(pk=rollup.pk)
    assert after.state == "failed"
    assert "khong-co" in after.error
    assert after.data_vi == rollup.data_vi


def test_the_report_goes_to_a_folder_in_either_language(small, tmp_path):
    small.refresh()
    names = [p.name for p in province.report_to_folder("20", YEAR, "ministry", tmp_path / "build", "en")]
    assert names == [f"bao-cao-sxsh-20-2026-bo-cong-thuong-en-du-thao.{k}" for k in ("docx", "xlsx", "pdf")]
    small.issue("ministry")
    names = [p.name for p in province.report_to_folder("20", YEAR, "ministry", tmp_path / "build", "vi")]
    assert names[0] == "bao-cao-sxsh-20-2026-bo-cong-thuong.docx"


def test_a_province_without_a_plan_of_its_own_follows_the_country_s_and_says_what_it_cannot_tell(small):
    code = small.cast.stranger.province_code
    rollup = province.refresh(None, code, YEAR, TODAY)
    results = TargetResult.objects.filter(province_code=code, year=YEAR)
    assert {r.plan_code for r in results} == {"national_2021_2030"}
    assert {(r.met, r.denominator) for r in results} == {("unclear", 0)}
    assert "toàn ngành" in results.first().figure.note_vi
    assert rollup_data(rollup, "vi").reporting.required == 1
    names = [p.suffix for p in province.report_to_folder(code, YEAR, "ministry", settings.MEDIA_ROOT / "out")]
    assert names == [".docx", ".xlsx", ".pdf"]


def test_a_province_where_everything_closed_has_no_figures_out_of_thin_air(small):
    Facility.objects.filter(province_code="20").update(status="closed")
    data = rollup_data(small.refresh(), "en")
    assert data.reporting.required == 0
    assert all(t.estimate is None and t.met != "yes" for t in data.targets)
    assert data.savings == ()


def test_records_of_a_closed_facility_are_behind_no_total(small):
    code = f"province:20:{YEAR}:consumption:electricity"
    small.refresh()
    assert Figure.objects.get(code=code).records["count"] == 24
    Facility.objects.filter(pk=small.facilities[1].pk).update(status="closed")
    small.refresh()
    figure = Figure.objects.get(code=code)
    assert figure.value == 12 * 900
    behind = Record.objects.filter(facility=small.facilities[0], year=YEAR, flow="consumption")
    assert figure.records["count"] == behind.count() == 12
    assert set(figure.records["ids"]) == set(behind.values_list("pk", flat=True))


def test_issuing_locks_the_accepted_reports_of_its_year_and_province_and_no_others(small):
    small.refresh()
    accepted = set(AnnualReport.objects.filter(year=YEAR, state="accepted").values_list("pk", flat=True))
    other_year = AnnualReport.objects.create(facility=small.facilities[0], year=2025, state="accepted")
    issued = small.issue()
    assert set(AnnualReport.objects.filter(state="locked").values_list("pk", flat=True)) == accepted
    assert AnnualReport.objects.get(facility=small.facilities[7], year=YEAR).state == "returned"
    other_year.refresh_from_db()
    assert other_year.state == "accepted"
    assert AuditEntry.objects.filter(verb="report.lock").count() == len(accepted)
    report = AnnualReport.objects.get(pk=min(accepted))
    revision = drafting.revise(small.department, report)
    assert (revision.revision, revision.state) == (2, "draft")
    report.refresh_from_db()
    assert report.state == "locked"
    assert ProvinceReport.objects.get(pk=issued.pk).state == "issued"


def test_locking_a_year_writes_its_history_in_one_statement(small):
    with CaptureQueriesContext(connection) as asked:
        locked = workflow.lock_year(small.department, "20", YEAR)
    entries = AuditEntry.objects.filter(verb="report.lock")
    assert entries.count() == locked == 7
    assert len([query for query in asked.captured_queries if query["sql"].startswith("INSERT")]) == 1
    entry = entries.get(object_id=str(small.reports[1].pk))
    assert (entry.before, entry.after) == ({"state": "accepted"}, {"state": "locked"})
    assert (entry.actor, entry.province_code) == (small.department, "20")


def test_a_report_that_could_not_be_issued_locks_nothing(small, monkeypatch):
    small.refresh()

    def broken(figures, codes):
        raise RuntimeError("a fault after the lock")

    monkeypatch.setattr(issuing, "_copy", broken)
    with pytest.raises(RuntimeError):
        small.issue()
    assert not AnnualReport.objects.filter(state="locked").exists()


def test_figures_older_than_their_records_are_not_issued_and_the_comparison_says_so(small, client):
    small.refresh()
    issued = small.issue()
    small.months(2, 2025, "2000")  # the year before: the comparison of years and the saving rest on it
    client.force_login(small.department)
    shown = client.get(reverse("reporting:province_issued", args=[issued.pk])).content.decode()
    assert "cũ hơn số liệu hiện có" in shown
    assert "Mọi số liệu vẫn như khi ban hành" not in shown
    with pytest.raises(province.ProvinceError, match="tính lại"):
        small.issue("ministry")
    small.refresh()
    assert small.issue("ministry").state == "issued"
