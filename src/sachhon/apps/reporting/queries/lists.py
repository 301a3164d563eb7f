"""The reports of a year, a row a facility: who has reported, in what state, on time or late, and who has not."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.models.facility import TriState
from sachhon.apps.reporting.models import AnnualReport, Finding, ReportState
from sachhon.apps.reporting.queries.begun import begun
from sachhon.apps.reporting.queries.record_findings import record_findings
from sachhon.reference.text import fold

MISSING = "missing"  # no report begun
NOT_REPORTED = "not_reported"  # nothing sent: not begun, or still a draft
BEHIND = "behind"  # late, or nothing sent
TIMINGS = ("on_time", "late", BEHIND, "never")
STATES = (MISSING, *ReportState.values)
SORTS = {
    "name": ("sort_key", "code"),
    "code": ("code",),
    "state": ("report_state", "sort_key", "code"),
    "sent": ("report_sent", "sort_key", "code"),
    "doubts": ("report_doubts", "sort_key", "code"),
    "trade": ("trade__search_key", "sort_key", "code"),
    "area": ("area__search_key", "sort_key", "code"),
}


@dataclass(frozen=True)
class ReportFilter:
    """What a person asks of the list; every field stands in the address."""

    q: str = ""
    state: str = ""
    timing: str = ""  # on_time, late, behind, never (no report of any year)
    doubts: str = ""  # open, none, records (grave ones about figures that no report covers)
    key_energy_user: str = ""  # yes, no, unknown
    trade: str = ""
    province: str = ""  # for who sees more than one
    sort: str = "name"

    @classmethod
    def from_params(cls, params) -> "ReportFilter":
        """From a query string; what is not known is passed over."""
        state, sort = params.get("state", ""), params.get("sort", "name")
        timing, doubts = params.get("timing", ""), params.get("doubts", "")
        return cls(
            q=params.get("q", "").strip(),
            state=state if state in (*STATES, NOT_REPORTED) else "",
            timing=timing if timing in TIMINGS else "",
            doubts=doubts if doubts in ("open", "none", "records") else "",
            key_energy_user=key_user if (key_user := params.get("key_energy_user", "")) in TriState else "",
            trade=params.get("trade", ""),
            province=params.get("province", ""),
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )


def report_rows(user, wanted: ReportFilter, year: int) -> QuerySet[Facility]:
    """Facilities with their newest report of `year` beside them (report_state "missing" where there is none)."""
    rows = with_reports(listed(user, year), year)
    for word in fold(wanted.q).split():
        rows = rows.filter(search_key__contains=word)
    if wanted.state == NOT_REPORTED:
        rows = rows.filter(report_sent=None)
    elif wanted.state:
        rows = rows.filter(report_state=wanted.state)
    if wanted.timing == "never":
        sent = AnnualReport.objects.filter(facility=OuterRef("pk"), first_submitted_at__isnull=False)
        rows = rows.filter(~Exists(sent))
    elif wanted.timing == BEHIND:
        rows = rows.filter(Q(report_on_time=False) | Q(report_sent=None))
    elif wanted.timing:
        rows = rows.filter(report_on_time=wanted.timing == "on_time")
    if wanted.key_energy_user:
        rows = rows.filter(key_energy_user=wanted.key_energy_user)
    if wanted.trade:
        rows = rows.filter(trade__code=wanted.trade)
    if wanted.province:
        rows = rows.filter(province_code=wanted.province)
    if wanted.doubts == "records":
        grave = record_findings(facility=OuterRef("pk"), year=year, level="error", state=Finding.State.OPEN)
        rows = rows.filter(Exists(grave))
    elif wanted.doubts == "open":
        rows = rows.filter(Exists(_open_findings(year)))
    elif wanted.doubts:
        rows = rows.filter(~Exists(_open_findings(year)), report_id__isnull=False)
    if wanted.sort.removeprefix("-") == "doubts":
        rows = rows.annotate(report_doubts=_number(_open_findings(year)))
    keys = SORTS[wanted.sort.removeprefix("-")]
    if wanted.sort.startswith("-"):
        first = F(keys[0]).desc(nulls_last=True)
        return rows.order_by(first, *keys[1:])
    return rows.order_by(F(keys[0]).asc(nulls_last=True), *keys[1:])


def expected(user) -> QuerySet[Facility]:
    """The facilities that report: those that operate, as far as the person sees them."""
    return Facility.objects.visible_to(user).filter(status=Facility.Status.OPERATING, merged_into=None)


def listed(user, year: int) -> QuerySet[Facility]:
    """The facilities on the list of a year: those that report, and those at rest or closed that sent a report of it;
    none that began later."""
    sent = AnnualReport.objects.filter(facility=OuterRef("pk"), year=year, first_submitted_at__isnull=False)
    rows = Facility.objects.visible_to(user).filter(merged_into=None)
    return begun(rows, year).filter(Q(status=Facility.Status.OPERATING) | Exists(sent))


def with_reports(rows: QuerySet[Facility], year: int) -> QuerySet[Facility]:
    """Adds the newest revision of the year's report, and when the year was first reported."""
    reports = AnnualReport.objects.filter(facility=OuterRef("pk"), year=year)
    newest, first = reports.order_by("-revision"), reports.order_by("revision")
    return rows.annotate(
        report_id=Subquery(newest.values("pk")[:1]),
        report_revision=Subquery(newest.values("revision")[:1]),
        report_state=Coalesce(Subquery(newest.values("state")[:1]), Value(MISSING), output_field=CharField()),
        report_sent=Subquery(first.values("first_submitted_at")[:1]),
        report_on_time=Subquery(first.values("on_time")[:1]),
    )


def _open_findings(year: int) -> QuerySet[Finding]:
    """The open findings on a row of `with_reports`: of its report, or of its records that no report covers."""
    of_records = Q(report=None, facility=OuterRef("pk"), year=year)
    return Finding.objects.filter(Q(report_id=OuterRef("report_id")) | of_records, state=Finding.State.OPEN)


def _number(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


def with_doubts(facilities: list[Facility], year: int) -> list[Facility]:
    """Puts the number of open findings on each row of a page; one query for all."""
    reports = {f.report_id: f.pk for f in facilities if f.report_id}
    of_records = Q(report=None, facility__in=[f.pk for f in facilities], year=year)
    found = Finding.objects.filter(Q(report_id__in=reports) | of_records, state=Finding.State.OPEN)
    counts = Counter(
        reports[report] if report else facility
        for report, facility in found.order_by().values_list("report_id", "facility_id")
    )
    for facility in facilities:
        facility.doubts = counts[facility.pk]
    return facilities


@dataclass(frozen=True)
class Standing:
    """How the year stands: facilities that report, by state, and how many were on time."""

    facilities: int
    states: dict[str, int]
    on_time: int
    late: int

    @property
    def sent(self) -> int:
        """Reports that have come in."""
        return self.on_time + self.late


def standing(user, year: int) -> Standing:
    """The counts over the list, in one query."""
    rows = (
        with_reports(listed(user, year), year)
        .values_list("report_state")
        .annotate(
            n=Count("pk"),
            on_time=Count(Case(When(Q(report_on_time=True), then=1))),
            late=Count(Case(When(Q(report_on_time=False), then=1))),
        )
    )
    table = list(rows.order_by())
    return Standing(
        facilities=sum(n for _s, n, _o, _l in table),
        states={state: n for state, n, _o, _l in table},
        on_time=sum(o for _s, _n, o, _l in table),
        late=sum(late for _s, _n, _o, late in table),
    )


def waiting_reports(user) -> QuerySet[AnnualReport]:
    """Reports sent and not looked at yet, oldest first: the officer's pile."""
    return (
        AnnualReport.objects.visible_to(user)
        .filter(state=ReportState.SUBMITTED)
        .select_related("facility")
        .order_by("submitted_at", "pk")
    )
