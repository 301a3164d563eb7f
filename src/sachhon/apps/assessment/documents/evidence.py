"""The files behind readings and verifications as a table: whoever has a file can prove by its digest it is the same."""

from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.queries import attachments
from sachhon.documents.compose import Block, TableBlock
from sachhon.documents.shapes import Column, Table

DIGITS = 16  # of the digest: enough to tell two files apart, few enough to read out


def evidence(user, assessment: Assessment, *, verified: bool) -> list[Block]:
    """What is attached to verifications, or to measurements and stocks; nothing where nothing is."""
    rows = tuple(
        (
            of,
            a.caption or a.name,
            str(a.get_kind_display()),
            a.by_name,
            timezone.localtime(a.at).date(),
            a.sha256[:DIGITS],
        )
        for of, a in attachments.evidence(user, assessment)
        if (a.verification_id is not None) == verified
    )
    if not rows:
        return []
    columns = (
        Column(_("Evidence of"), width=2),
        Column(_("File"), width=2),
        Column(_("Kind")),
        Column(_("By"), width=1.3),
        Column(_("When"), "date"),
        Column(_("SHA-256, first 16 digits"), width=1.6),
    )
    title = _("Evidence of verifications") if verified else _("Evidence of readings")
    code = "evidence-verified" if verified else "evidence-read"
    return [TableBlock(title, Table(code, title, columns, rows))]
