"""From the operational tables to the warehouse: the facts of a province and some years, and the evidence of standings.

Rows stream through a cursor, a fixed number of queries whatever the size of the province; quantities stay
decimals. Only reports that count (the newest revision that was sent and not given back) bring savings,
solutions, needs and evidence. A report that waits with a grave doubt is held: it counts as sent, but its
year's quantities are in no sum, neither as records nor as a saving from or against them, until the doubt is
settled; so are the records of a year that no report covers. A facility stands in the commune in force today, also
for older years.

Not here: what the columns mean (`warehouse.schema`), how they are summed (`warehouse.rollup`).
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings
from pyarrow import RecordBatch

from sachhon import reference
from sachhon.apps.assessment.queries.verified import JudgedKeys, judged_keys
from sachhon.apps.programme.models import FacilityStanding
from sachhon.apps.programme.services.judging import Evidence
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.models.facility import FacilityYear, TriState
from sachhon.apps.reporting.fact_columns import FactReader
from sachhon.apps.reporting.fact_rows import (
    CHUNK,
    COUNTING,
    FACILITY_COLUMNS,
    NOT_BEGUN,
    Counting,
    FacilityRow,
    YearlySize,
    counting_reports,
    factors,
    held_years,
    places,
    size_class,
    source,
)
from sachhon.apps.reporting.models import AnnualReport, ReportNeed, ReportSolution
from sachhon.apps.reporting.queries.begun import begun
from sachhon.apps.reporting.record_facts import RecordFacts
from sachhon.apps.reporting.saving_facts import saving_batches
from sachhon.apps.reporting.services.options import TREATMENT
from sachhon.apps.reporting.services.verified_marks import PREFIX, read_mark
from sachhon.apps.reporting.solution_facts import CarriedOut, counted_once, solution_savings, without_claims
from sachhon.warehouse.batches import batches
from sachhon.warehouse.publish import Batches, ByYear, Snapshot, publish

YEARS_BACK = 4  # the report shows consumption over five years
TRISTATE = {TriState.YES: 1, TriState.NO: 0, TriState.UNKNOWN: None}


class ProvinceFacts:
    """The facts of one province up to and with `year`, as of `today`."""

    def __init__(self, province: str, year: int, today: datetime.date) -> None:
        self.province, self.year, self.today = province, year, today
        self.first = year - YEARS_BACK

    @cached_property
    def facilities(self) -> list[FacilityRow]:
        """Those of the province, merged ones aside, with what the warehouse says of each."""
        rows = Facility.objects.filter(province_code=self.province, merged_into=None).order_by("pk")
        return list(map(FacilityRow._make, rows.values_list(*FACILITY_COLUMNS)))

    @cached_property
    def begun(self) -> dict[int, set[int]]:
        """Year → facilities that had begun to operate by then."""
        mine = Facility.objects.filter(province_code=self.province, merged_into=None)
        return {
            year: set(begun(mine, year).values_list("pk", flat=True))
            for year in range(self.first, self.year + 1)
        }

    @cached_property
    def places(self) -> Mapping[str, tuple[str, str]]:
        """Key of an area of a facility → key and name of the commune of today."""
        return places({f.area for f in self.facilities}, self.today)

    @cached_property
    def counting(self) -> dict[tuple[int, int], Counting]:
        """(facility, year) → its report as the province counts it."""
        return counting_reports(self.province, self.year)

    @cached_property
    def ids(self) -> set[int]:
        """Keys of the reports that count."""
        return {c.report for c in self.counting.values() if c.report is not None}

    @cached_property
    def held(self) -> set[tuple[int, int]]:
        """(facility, year) whose quantities do not count yet: of a report that counts, or of records without one."""
        return held_years(self.province, self.year)

    @cached_property
    def judged(self) -> JudgedKeys:
        """What experts verified, up to the year."""
        return judged_keys(self.province, self.year)

    @cached_property
    def on_changed_records(self) -> tuple[str, ...]:
        """Names of the facilities whose report of the year tells a saving that was verified on records changed since:
        it counts as reported until it is judged anew."""
        if not self.judged.changed:
            return ()
        rows = ReportSolution.objects.filter(
            report__facility__province_code=self.province,
            report__year=self.year,
            state=ReportSolution.State.DONE,
            origins__has_key=PREFIX,
        ).values_list("report_id", "report__facility__name", "origins")
        names = {
            name
            for report, name, origins in rows
            if report in self.ids and origins[PREFIX][0] in self.judged.changed
        }
        return tuple(sorted(names, key=reference.fold))

    def publish(self, root: Path | None = None, judge: Callable[[], object] | None = None) -> Snapshot:
        """Writes everything as the province's current snapshot.

        judge : settles the standings of the year; called while the records, which do not ask for them, are read.
        """
        solutions = cache(lambda: counted_once(self._solutions()))

        def facility_years() -> Iterator[tuple]:
            if judge is not None:
                judge()
            yield from self._facility_years()

        def savings(reader: FactReader) -> Iterator[RecordBatch]:
            of_solutions = solution_savings(solutions(), self.first)
            yield from saving_batches(reader, (self.first, self.year), self.ids, self.held, of_solutions)

        with FactReader(self.province) as reader:
            records = RecordFacts(reader, self.held)
            tables: dict[str, Batches | ByYear] = {
                "record": ByYear(records.stamps(self.first, self.year), records.of_years, apart=reader.apart),
                "facility_year": batches("facility_year", facility_years()),
                "saving": savings(reader),
                "solution": batches("solution", self._solution_rows(solutions)),
                "need": batches("need", self._needs()),
                "factor": batches("factor", factors(self.first, self.year)),
            }
            return publish(tables, root or warehouse_root(self.province))

    def evidence(self) -> Iterator[Evidence]:
        """What the counting reports of all years up to this one show about the three questions."""
        done: dict[int, list[int]] = {}
        rows = ReportSolution.objects.filter(
            report__facility__province_code=self.province,
            report__year__lte=self.year,
            state=ReportSolution.State.DONE,
        ).values_list("report_id", "group")
        groups = {f.code for f in reference.option_groups()}
        for report, group in rows.iterator(CHUNK):
            counts = done.setdefault(report, [0, 0])
            if group in groups:
                counts[0] += 1
            elif group == TREATMENT:
                counts[1] += 1
        reports = AnnualReport.objects.filter(
            facility__province_code=self.province, year__lte=self.year, state__in=COUNTING
        ).values_list(
            "pk",
            "facility_id",
            "year",
            "cp_aware",
            "cp_applying",
            "cp_unit",
            "cp_unit_decision",
            "cp_unit_people",
        )
        for pk, facility, year, aware, applying, unit, decision, people in reports.iterator(CHUNK):
            if pk not in self.ids:
                continue
            valid, treated = done.get(pk, (0, 0))
            named = sum(1 for p in people if str(p).strip()) if people else 0
            yield Evidence(
                facility, year, f"report:{pk}", aware, applying, unit, decision, named, valid, treated
            )

    def place(self, facility: FacilityRow) -> tuple[str, str]:
        """Key and name of the commune of today that a facility stands in."""
        return self.places[facility.area]

    def operated(self, facility: FacilityRow, year: int) -> bool:
        """Whether the facility counts in that year."""
        if facility.status == Facility.Status.CLOSED:
            return facility.closed_on is not None and facility.closed_on.year >= year
        return facility.status == Facility.Status.OPERATING or year < self.today.year

    def _facility_years(self) -> Iterator[tuple]:
        sizes: dict[int, list[YearlySize]] = {}
        rows = FacilityYear.objects.filter(facility__province_code=self.province, year__lte=self.year)
        for facility, *values in rows.order_by("-year").values_list("facility_id", *YearlySize._fields):
            sizes.setdefault(facility, []).append(YearlySize._make(values))
        standings = {
            row[:2]: row[2:]
            for row in FacilityStanding.objects.filter(
                facility__province_code=self.province, year__range=(self.first, self.year)
            ).values_list("facility_id", "year", "aware", "applying", "cp_unit", "evidence")
        }
        for f in self.facilities:
            place, name = self.places[f.area]
            for year in range(self.first, self.year + 1):
                if f.pk not in self.begun[year]:
                    continue
                size = next((row for row in sizes.get(f.pk, ()) if row.year <= year), None)
                aware, applying, unit, why = standings.get((f.pk, year), (None, None, None, {}))
                counting = self.counting.get((f.pk, year), NOT_BEGUN)
                yield (
                    f.pk, f.code, f.name, self.province, place, name, f.sector or "", f.trade, size_class(size, year),
                    year, size.employees if size else None, self.operated(f, year), TRISTATE[f.has_potential],
                    TRISTATE.get(aware), source(why, "aware"), TRISTATE.get(applying), source(why, "applying"),
                    TRISTATE.get(unit), source(why, "cp_unit"), counting.state, counting.on_time,
                )  # fmt: skip

    def _solutions(self) -> Iterator[CarriedOut]:
        """Solutions carried out, of all years, each with what stands verified of it."""
        rows = ReportSolution.objects.filter(
            report__facility__province_code=self.province,
            report__facility__merged_into=None,
            report__year__lte=self.year,
            state=ReportSolution.State.DONE,
        ).values_list(
            "report_id", "report__facility_id", "report__year", "group", "name", "done_on", "investment_vnd",
            "saving_vnd_per_year", "savings", "origins",
        )  # fmt: skip
        standing = self.judged.standing
        for report, facility, year, group, name, done, investment, saving, savings, origins in rows.iterator(
            CHUNK
        ):
            if report in self.ids:
                since = done.year if done is not None and done.year <= year else year
                mark = read_mark(origins, savings or (), saving)
                stands = mark and mark.key in standing and mark.key.endswith(f":{year}") and not mark.altered
                verified = mark if stands else None
                solution = CarriedOut(
                    facility, year, group, name, since, investment, saving, tuple(savings or ()), verified
                )
                yield without_claims(solution) if (facility, year) in self.held else solution

    @staticmethod
    def _solution_rows(solutions: Callable[[], list[CarriedOut]]) -> Iterator[tuple]:
        """Each solution once, in the year it was carried out, as the newest report that lists it tells; one whose
        claims are held tells nothing that an older report does not."""
        newest: dict[tuple, tuple] = {}
        groups = {f.code for f in reference.option_groups()}
        for s in sorted(solutions(), key=lambda s: (not s.held, s.year)):
            newest[s.facility, s.group, reference.fold(s.name), s.since] = (
                s.facility, s.since, s.group, s.group in groups, s.state, s.investment_vnd, s.saving_vnd, 1,
            )  # fmt: skip
        yield from newest.values()

    def _needs(self) -> Iterator[tuple]:
        rows = ReportNeed.objects.filter(
            report__facility__province_code=self.province, report__year__range=(self.first, self.year)
        ).values_list("report_id", "report__facility_id", "report__year", "kind", "category", "text")
        for report, *row in rows.iterator(CHUNK):
            if report in self.ids:
                yield tuple(row)


def warehouse_root(province: str) -> Path:
    """Where the snapshots of a province lie."""
    return Path(settings.HOME) / "warehouse" / province
