"""What was verified in an assessment, taken over into the solutions of the annual report of its year.

What was verified, by whom and where stays with the row (`verified_marks`): as long as its figures are those that were
verified and the judgement stands, roll-ups count it as verified; changed on the form it is what the factory reports. A
worsening is taken over like a saving, with its sign.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import OptionState
from sachhon.apps.assessment.queries.options import is_closed
from sachhon.apps.assessment.queries.verified import VerifiedSaving, verified_savings
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.reporting.models import AnnualReport, ReportSolution
from sachhon.apps.reporting.services import drafting
from sachhon.apps.reporting.services.errors import NotEditable, ReportError
from sachhon.apps.reporting.services.sections import Section
from sachhon.apps.reporting.services.told_solutions import secret_name
from sachhon.apps.reporting.services.verified_marks import PREFIX

LONGEST = 512
State = ReportSolution.State
STATE_OF = {
    OptionState.DONE: State.DONE, OptionState.VERIFIED: State.DONE, OptionState.DROPPED: State.STOPPED,
}  # fmt: skip


class NotOffered(ReportError):
    """The assessment no longer says so, or not to this person."""


@transaction.atomic
def take_over(actor: User, report: AnnualReport, key: str, page: str = "") -> bool:
    """Adds the proposal `key` as a solution; False where the report has it already. `page`: see `save_section`."""
    drafting.may_write(actor, report)
    report = AnnualReport.objects.select_for_update().select_related("facility").get(pk=report.pk)
    if report.state not in drafting.EDITABLE:
        raise NotEditable(
            _("This report is “%(state)s” and is not changed any more.")
            % {"state": report.get_state_display()}
        )
    if key in taken(report):
        return False
    found = next((p for p in proposals(actor, report) if p.key == key and not closed(actor, p)), None)
    if found is None:
        raise NotOffered(_("This verified saving is no longer there: the judgement was taken back."))
    if found.outdated:
        raise NotOffered(
            _(
                "The records of %(what)s were changed after it was judged: it is taken over when the assessment has "
                "judged it anew."
            )
            % {"what": ", ".join(found.outdated)}
        )
    drafting.change_by_person(actor, report, Section.SOLUTIONS, {"new1": _row(found)}, page=page)
    audit.record(actor, "report.take_over", report, after={"from": key, "verified_by": found.judged_by})
    return True


def proposals(user: User, report: AnnualReport) -> list[VerifiedSaving]:
    """All that was verified at the facility in the report's year, taken over or not."""
    if not user.may("assessment.view"):
        return []
    return verified_savings(user, report.facility, report.year)


def taken(report: AnnualReport) -> set[str]:
    """The keys of the proposals that the report has."""
    rows = report.solutions.values_list("origins", flat=True)
    return {origins[PREFIX][0] for origins in rows if PREFIX in origins}


def closed(user: User, proposal: VerifiedSaving) -> bool:
    """Whether it is a trade secret that this person may not read."""
    return any(is_closed(user, option) for option in (proposal.option, *proposal.shared))


def worsens(proposal: VerifiedSaving) -> bool:
    """Whether more of anything is used, or more is paid, than the baseline expects."""
    amounts = [*(quantity for _resource, quantity in proposal.savings), proposal.saving_vnd or 0]
    return any(amount < 0 for amount in amounts)


def codes_of(proposal: VerifiedSaving) -> str:
    """ "GP-01 + GP-02": the options that were measured together."""
    return " + ".join(option.code for option in (proposal.option, *proposal.shared))


def _row(found: VerifiedSaving) -> dict:
    savings = [
        {"resource": resource.code, "quantity": f"{quantity.normalize():f}", "unit": resource.unit}
        for resource, quantity in found.savings
    ]
    option = found.option
    days = [o.done_on for o in (option, *found.shared) if o.done_on is not None]
    return {
        "name": _name(found),
        "group": option.group,
        "not_cp_reason": "",
        "state": STATE_OF.get(OptionState(option.state), State.DOING),
        "started_on": None,
        "done_on": max(days).isoformat() if days else None,
        "investment_vnd": found.investment_vnd,
        "savings": savings,
        "saving_vnd_per_year": found.saving_vnd,
        "origins": _origins(found, savings),
    }


def _name(found: VerifiedSaving) -> str:
    """The options' names; a trade secret goes by its number, since more people read a report than an assessment."""
    options = (found.option, *found.shared)
    if any(option.confidential for option in options):
        return secret_name(codes_of(found))
    return "; ".join(option.name for option in options)[:LONGEST]


def _origins(found: VerifiedSaving, savings: list[dict]) -> dict[str, list[str]]:
    assessment = found.option.assessment
    origins = {
        PREFIX: [found.key, found.judged_by, f"{found.first.isoformat()}/{found.last.isoformat()}"],
        f"{PREFIX}.option": [assessment.kind, codes_of(found), str(assessment.pk)],
    }
    for number, saving in enumerate(savings):
        origins[f"{PREFIX}.savings.{number}"] = [saving["resource"], saving["unit"], saving["quantity"]]
    for number, (resource, expected) in enumerate(found.expected):
        origins[f"{PREFIX}.expected.{number}"] = [resource.code, resource.unit, f"{expected.normalize():f}"]
    if found.saving_vnd is not None:
        origins[f"{PREFIX}.saving_vnd_per_year"] = ["", "VND", str(found.saving_vnd)]
    return origins
