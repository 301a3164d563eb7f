"""Which of a facility's earlier months a year may be compared with: those that are not doubted themselves.

A month that is a thousand times off and not yet corrected would make the same mistake look usual a year later, or
a right year look wrong. Left out is what stands under an open finding, and a month that its own year shows to be
a slip, unless somebody explained why it is right. A whole year in doubt stays: which of two years that differ is
the wrong one the two do not tell, and the question has to be asked. Not here: the comparison (`evidence`,
`own_history`).
"""

from collections.abc import Collection, Iterator

from django.db.models import F, Q

from sachhon.apps.registry.models import Facility, Flow
from sachhon.apps.reporting.models import Finding
from sachhon.apps.reporting.models.annual import HANDED_IN
from sachhon.apps.reporting.services.months import FacilityMonths, load
from sachhon.science import plausibility as science

Place = tuple[str, int, int, int]  # flow, product or resource, year, month


def reliable_past(facility: Facility, years: Collection[int]) -> FacilityMonths:
    """The facility's months of `years` without those in doubt."""
    past = load([facility.pk], years).get(facility.pk, FacilityMonths())
    doubted, explained = set(), set()
    for finding in _findings(facility, years):
        places = set(_places(finding))
        if finding.state == Finding.State.EXPLAINED:
            explained |= places
        elif finding.state == Finding.State.OPEN:
            doubted |= places
    _leave_out(past, doubted | (set(_sure_slips(past)) - explained))
    return past


def _findings(facility: Facility, years: Collection[int]) -> list[Finding]:
    """Those about what is stored: of the records themselves, or of the report that was handed in for them. The
    report of an older state stands behind its revision."""
    of_records = Q(facility=facility, year__in=years)
    of_reports = Q(report__facility=facility, report__year__in=years, report__state__in=HANDED_IN)
    found = Finding.objects.filter(of_records | of_reports).annotate(
        of_year=F("report__year"), revision=F("report__revision")
    )
    newest: dict[int, int] = {}
    for finding in found:
        if finding.report_id:
            newest[finding.of_year] = max(newest.get(finding.of_year, 0), finding.revision)
    return [f for f in found if not f.report_id or f.revision == newest[f.of_year]]


def _places(finding: Finding) -> Iterator[Place]:
    """The month that the finding would multiply."""
    month = finding.params.get("month")
    if finding.thing is not None and month and finding.rule.endswith("_slip"):
        flow, item, _meter = finding.thing
        yield flow, item, finding.year or finding.of_year, month


def _sure_slips(past: FacilityMonths) -> Iterator[Place]:
    outputs = {product for made in past.outputs.values() for product in made}
    things = [(Flow.OUTPUT, product) for product in outputs]
    things += [(Flow.CONSUMPTION, each) for each in past.consumption]
    things += [(Flow.WASTE, each) for each in past.waste]
    for flow, thing in things:
        for year, amounts in past.by_year(flow, thing).items():
            for month in science.sure_slips(amounts):
                yield str(flow), thing, year, month


def _leave_out(past: FacilityMonths, places: Collection[Place]) -> None:
    """Takes the months out. Where one product is in doubt, what was made that month is not known at all."""
    for flow, thing, year, month in places:
        if flow == Flow.OUTPUT:
            past.outputs.pop((year, month), None)
        else:
            table = past.consumption if flow == Flow.CONSUMPTION else past.waste
            if thing in table:
                table[thing].pop((year, month), None)
