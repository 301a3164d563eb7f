"""What a measured saving must be to be verified: of solutions carried out, of what they save, and not counted yet.

A plan of measuring is made before the work is done, so it asks only that the solutions are to be done and save the
resource. The judgement asks for the rest, and for records of months that are over, no estimates and without doubt,
that are still those of the computation; the page tells beforehand what stands in its way.
"""

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import (
    Assessment,
    Option,
    OptionState,
    Screening,
    Verification,
    VerificationState,
)
from sachhon.apps.assessment.queries.verified import CARRIED_OUT
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.verification_doubts import doubts, is_outdated, not_actual
from sachhon.apps.registry.models import Resource
from sachhon.documents.numbers import format_date_short


def to_be_measured(assessment: Assessment) -> QuerySet[Option]:
    """The options that a saving may be measured of: neither put away, nor dropped, nor screened out and not done."""
    screened_out = Q(screening=Screening.DROP) & ~Q(state__in=CARRIED_OUT)
    return assessment.options.filter(deleted_at=None).exclude(Q(state=OptionState.DROPPED) | screened_out)


def check_plan(assessment: Assessment, options: Iterable[Option], resource: Resource) -> list[Option]:
    """The options whose saving will be measured on the records of `resource`; refuses those that it cannot be of."""
    found = list(options)
    if not found:
        raise AssessmentError(_("Choose the solutions whose saving is measured."))
    if any(o.assessment_id != assessment.pk for o in found):
        raise AssessmentError(_("These solutions are of another assessment."))
    measured = set(to_be_measured(assessment).filter(pk__in=[o.pk for o in found]))
    if gone := ", ".join(o.code for o in found if o not in measured):
        raise AssessmentError(
            _("%(code)s was dropped: take it up again first, or choose another solution.") % {"code": gone}
        )
    if wrong := _of_another_resource(found, resource):
        raise AssessmentError(wrong)
    return found


def hindrances(row: Verification, today: datetime.date) -> list[str]:
    """Why this saving cannot be verified as things stand, each with what to do; empty where it can."""
    told = against_rules(row)
    if is_outdated(row):
        told.append(_("The records were changed after this was computed: compute it again."))
    return told + not_actual(row, today) + doubts(row)


def against_rules(row: Verification) -> list[str]:
    """The part that is about the solutions and what is counted already; of what was verified before there were these
    rules, why it does not count."""
    options = list(row.options.order_by("number"))
    told = [
        _("%(code)s is “%(state)s”: only what was carried out can be verified. Mark it as carried out first.")
        % {"code": o.code, "state": o.get_state_display()}
        for o in options
        if o.state not in CARRIED_OUT or o.deleted_at
    ]
    if wrong := _of_another_resource(options, row.resource):
        told.append(wrong)
    told += [
        _(
            "%(resource)s of %(months)s was verified for %(codes)s already (%(assessment)s): a saving is given once. "
            "Measure other months, or take that judgement back."
        )
        % {
            "resource": other.resource.name,
            "months": f"{other.report_from:%m/%Y}–{other.report_to:%m/%Y}",
            "codes": " + ".join(o.code for o in other.options.order_by("number")),
            "assessment": other.assessment.get_kind_display(),
        }
        for other in counted_already(row)
    ]
    return told


def early_months(row: Verification) -> list[str]:
    """Solutions carried out after the first measured month, in words: nothing of them shows in the months before."""
    first = _month_after(row.report_from)
    assessed = row.assessment.data_from
    told = _(
        "%(code)s was carried out on %(day)s, but months from %(first)s on are measured: nothing of it shows in "
        "those before. Put the day right in its plan, or measure later months."
    )
    if (
        assessed >= first
    ):  # the plan takes no day before the assessed months (plan.py): no day in it could be right
        told = _(
            "%(code)s was carried out on %(day)s, but months from %(first)s on are measured: nothing of it shows in "
            "those before. Measure later months; or, if it was carried out before %(assessed)s, let the figures of "
            "the assessment begin earlier (“Visit and period”) and then put the day right in its plan."
        )
    lang = "en" if get_language() == "en" else "vi"
    return [
        told
        % {
            "code": o.code,
            "day": format_date_short(o.done_on, lang),
            "first": f"{row.report_from:%m/%Y}",
            "assessed": format_date_short(assessed, lang),
        }
        for o in row.options.order_by("number")
        if o.done_on is not None and o.done_on >= first
    ]


def counted_already(row: Verification) -> list[Verification]:
    """What stands verified on the same records: the facility's use of the resource in a month that is measured here.

    The records of all meters of the resource are taken together, whatever meter the plan names.
    """
    others = Verification.objects.filter(
        assessment__facility=row.assessment.facility_id,
        resource=row.resource_id,
        state=VerificationState.VERIFIED,
        report_from__lt=_month_after(row.report_to),
        report_to__gte=row.report_from.replace(day=1),
    ).exclude(pk=row.pk)
    return list(others.select_related("resource", "assessment").order_by("report_from", "pk"))


def _month_after(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def _of_another_resource(options: Iterable[Option], resource: Resource) -> str:
    """Words about the options that do not say they save this resource; empty where all do."""
    codes = ", ".join(o.code for o in options if resource.code not in o.savings)
    if not codes:
        return ""
    return _(
        "%(codes)s names no saving of %(resource)s: measure what it saves, or enter that saving at the solution first."
    ) % {"codes": codes, "resource": resource.name}
