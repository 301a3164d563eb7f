"""What a figure leads to: for a province's, where what it counts is listed; for a facility's, what is open about it."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sachhon.apps.reporting.models import ProvinceRollup
from sachhon.apps.reporting.pages import address
from sachhon.apps.reporting.queries import open_findings
from sachhon.apps.reporting.services import lineage
from sachhon.apps.reporting.services.province.codes import parts_of

FACILITIES_BY = {"sector": "trade", "area": "area", "size": "size"}
OF_REPORTS = ("reporting", "solutions")
OF_VOICES = ("difficulty", "request")


def opener(user, figure) -> tuple[str, str] | None:
    """For `registry.queries.lineage.register_opener`; None for a figure that opens to records or figures of its own."""
    parts = parts_of(figure.code)
    if not parts:
        return None
    if figure.issued and "facilities" in figure.records and user.may("registry.facility.view"):
        return _("The facilities as they were counted in the issue"), _address(
            "registry:figure_facilities", [figure.code]
        )
    year, (part, *more) = figure.code.split(":")[2], parts
    if part in OF_VOICES:
        return _("Difficulties and requests"), _address(
            "reporting:province_section", ["kien-nghi"], year=year
        )
    if part in OF_REPORTS and user.may("reporting.report.view"):
        return _("Reports of the year"), _address("reporting:reports", year=year)
    if not user.may("registry.facility.view"):
        return None
    if part == "key_users":
        return _list_of(figure), _address("registry:facilities", key_energy_user="yes")
    if part == "facilities" or part in FACILITIES_BY:
        chosen = {FACILITIES_BY[part]: more[0]} if more and more[0] != "none" else {}
        return _list_of(figure), _address("registry:facilities", **chosen)
    return None


def _list_of(figure) -> str:
    """The register is kept as it is today; a figure that was issued may have counted others."""
    return (
        _("Facilities as they are listed today; the issue keeps its own count")
        if figure.issued
        else _("Facilities")
    )


def doubts(user, figure) -> tuple[str, str] | None:
    """For `registry.queries.lineage.register_doubts`: a figure of a report with open findings is doubtful,
    and a province's that is older than the records it sums up.
    """
    if figure.code.startswith("province:"):
        return _outdated(figure)
    owner = lineage.owner(figure.code)
    if owner is None or not user.may("reporting.report.view"):
        return None
    resource = figure.code.split(":")[3:4]
    found = open_findings(user, *owner, *resource)
    count, first = found.count(), found.first()
    if first is None:
        return None
    words = ngettext(
        "Doubtful: %(n)d finding in the report is not settled yet.",
        "Doubtful: %(n)d findings in the report are not settled yet.",
        count,
    )
    return words % {"n": count}, address(first.report, "report")


def _outdated(figure) -> tuple[str, str] | None:
    """The words for a living figure of a province whose records have changed since it was computed."""
    province, year = figure.code.split(":")[1:3]
    if figure.issued or not year.isdigit():
        return None
    rollup = ProvinceRollup.objects.filter(province_code=province, year=int(year)).first()
    if rollup is None or not rollup.is_stale:
        return None
    return _("The figures are older than the records."), _address("reporting:province", year=year)


def _address(name: str, args: list[str] | None = None, **query: str) -> str:
    address = reverse(name, args=args)
    return f"{address}?{urlencode(query)}" if query else address
