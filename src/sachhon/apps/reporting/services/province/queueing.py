"""Issuing as work of the worker: asked for by a person, followed on a page, told when it failed.

The draft stays a draft until it is issued. `issuing_at` is the claim: two people who press the button at once
make one issue; a worker that died leaves a claim that is too old, and the button can be pressed again.
"""

import datetime
import logging

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sachhon.apps.people.access import require
from sachhon.apps.people.models import User
from sachhon.apps.reporting.models import ProvinceReport
from sachhon.apps.reporting.services.province.errors import AlreadyIssued, NotComputed, ProvinceError
from sachhon.apps.reporting.services.province.issuing import ISSUE, STEPS, issue, refuse_outdated, signing
from sachhon.apps.reporting.services.province.preview import preview
from sachhon.apps.reporting.services.province.reading import report_data

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=5)  # a province of 10,000 facilities is issued in well under one


@transaction.atomic
def ask_issue(
    actor: User,
    report: ProvinceReport,
    *,
    number: str,
    dated: datetime.date,
    signer_name: str,
    signer_title: str = "",
    now: datetime.datetime,
) -> None:
    """Hands the draft to the worker to be issued under that number and date."""
    from sachhon.apps.reporting.province_tasks import issue_province

    require(actor, ISSUE)
    if not ProvinceReport.objects.visible_to(actor).filter(pk=report.pk).exists():
        raise ProvinceError(_("You can only write the report of your own province."))
    signed = signing(number, dated, signer_name, signer_title)
    refuse_outdated(report)
    try:
        report_data(report)
    except NotComputed as wanting:
        raise ProvinceError(str(wanting)) from wanting
    free = Q(issuing_at=None) | Q(issuing_at__lt=now - LEASE)
    taken = ProvinceReport.objects.filter(free, pk=report.pk, state=ProvinceReport.State.DRAFT).update(
        **signed, issuing_at=now, issuing_step=0, issuing_error=""
    )
    if not taken:
        raise AlreadyIssued(_("This report is being issued already, or was issued."))
    transaction.on_commit(lambda: issue_province.enqueue(report.pk, actor.pk))


def run_issue(report_pk: int, actor_pk: int) -> None:
    """What the worker does; a failure ends on the page of the draft, in words."""
    report = ProvinceReport.objects.filter(pk=report_pk, state=ProvinceReport.State.DRAFT).first()
    if report is None or report.issuing_at is None:
        return
    own = ProvinceReport.objects.filter(pk=report_pk)
    try:
        issued = issue(
            User.objects.get(pk=actor_pk),
            report,
            number=report.number,
            dated=report.dated,
            signer_name=report.signer_name,
            signer_title=report.signer_title,
            progress=lambda step: own.update(issuing_step=STEPS.index(step)),
        )
    except ProvinceError as reason:
        own.update(issuing_at=None, issuing_error=str(reason)[:512])
        return
    except Exception:
        logger.exception("Issuing the report %s failed", report_pk)
        own.update(issuing_at=None, issuing_error=_("Nothing was issued: the program failed. Try again."))
        return
    preview(issued)  # so that its page opens at once


def is_issuing(report: ProvinceReport, now: datetime.datetime) -> bool:
    """Whether the worker has it in hand, and is alive as far as can be told."""
    return report.issuing_at is not None and report.issuing_at >= now - LEASE
