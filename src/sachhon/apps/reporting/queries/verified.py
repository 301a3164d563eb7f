"""What the solutions section of the form offers from assessments, and which taken-over rows no longer stand there."""

from dataclasses import dataclass, replace

from sachhon.apps.assessment.queries.verified import VerifiedSaving
from sachhon.apps.registry.closed_costs import closed_costs
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services.verified_marks import mark_of
from sachhon.apps.reporting.services.verified_solutions import closed, codes_of, proposals, taken, worsens


@dataclass(frozen=True)
class Offer:
    """One verified saving that the report does not have yet."""

    proposal: VerifiedSaving
    codes: str
    names: tuple[str, ...]
    is_secret: bool
    is_worsening: bool
    money_closed: bool = False


def offers_of(user, report: AnnualReport) -> dict:
    """`offers` not in the report yet (those on changed records cannot be taken over); `withdrawn`: rows whose judgement
    was taken back since; `changed`: rows whose judgement stands on records that were changed since."""
    found, there = proposals(user, report), taken(report)
    secret = closed_costs(user, [report.facility_id]).of(report.facility_id)
    keys = {proposal.key for proposal in found}
    old = {proposal.key for proposal in found if proposal.outdated}
    marks = {s.pk: mark_of(s) for s in report.solutions.all()} if there else {}
    return {
        "offers": [_offer(p, secret) for p in found if p.key not in there and not closed(user, p)],
        "withdrawn": {pk for pk, mark in marks.items() if mark is not None and mark.key not in keys},
        "changed": {pk for pk, mark in marks.items() if mark is not None and mark.key in old},
    }


def _offer(proposal: VerifiedSaving, secret: frozenset[int]) -> Offer:
    options = (proposal.option, *proposal.shared)
    money_closed = any(resource.pk in secret for resource, _quantity in proposal.savings)
    return Offer(
        replace(proposal, saving_vnd=None) if money_closed else proposal,
        codes_of(proposal),
        tuple(option.name for option in options),
        any(option.confidential for option in options),
        worsens(proposal),
        money_closed,
    )
