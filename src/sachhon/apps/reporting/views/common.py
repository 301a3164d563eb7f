"""What the views of one report share: finding it, and telling a person why something was not done."""

from django.http import Http404

from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.pages import SLUGS
from sachhon.apps.reporting.queries.reports import report_of


def the_report(request, code: str, year: int, revision: int | None = None) -> AnnualReport:
    """The report, if the person may see it; else as if it were not there."""
    report = report_of(request.user, code, year, revision)
    if report is None:
        raise Http404("reporting.AnnualReport")
    return report


def the_section(slug: str) -> str:
    """The section of an address."""
    if slug not in SLUGS:
        raise Http404(slug)
    return SLUGS[slug]
