"""The sign and the colour of every state a page shows, so that the same state looks the same everywhere.

Colour never stands alone: each state has a sign and a word. The word is the model's own (get_…_display); only the
states that pages make up themselves (late, on time…) have theirs here.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Sign:
    """`level` is the colour (quiet, info, ok, warning, danger), `icon` a name of scripts/icons.txt."""

    level: str
    icon: str
    label: str = ""


SIGNS = {
    # an annual report, a province's report
    "draft": Sign("quiet", "pencil"),
    "submitted": Sign("info", "send"),
    "returned": Sign("warning", "arrow-back-up"),
    "accepted": Sign("ok", "check"),
    "locked": Sign("ok", "lock"),
    "issued": Sign("ok", "signature"),
    "missing": Sign("quiet", "circle-dashed", _("Not begun")),
    # against a deadline
    "on_time": Sign("ok", "clock", _("On time")),
    "due_soon": Sign("warning", "calendar-due", _("Due soon")),
    "late": Sign("danger", "clock-exclamation", _("Late")),
    # a file or a job
    "waiting": Sign("quiet", "clock"),
    "running": Sign("info", "loader-2"),
    "needs_mapping": Sign("warning", "columns-3"),
    "needs_facility": Sign("warning", "building-factory-2"),
    "taken": Sign("ok", "check"),
    "warnings": Sign("warning", "alert-triangle"),
    "refused": Sign("danger", "x"),
    "duplicate": Sign("quiet", "copy"),
    "undone": Sign("quiet", "rotate"),
    "set_aside": Sign("quiet", "package"),
    "failed": Sign("danger", "alert-circle"),
    # a finding or a problem
    "error": Sign("danger", "alert-circle"),
    "warning": Sign("warning", "alert-triangle"),
    "info": Sign("info", "info-circle"),
    "open": Sign("warning", "alert-triangle"),
    "corrected": Sign("ok", "pencil"),
    "explained": Sign("ok", "message-report"),
    # a solution
    "planned": Sign("quiet", "calendar"),
    "in_progress": Sign("info", "progress"),
    "done": Sign("ok", "check"),
    # a figure or a record
    "measured": Sign("ok", "gauge"),
    "estimated": Sign("warning", "ruler-measure"),
    "reported": Sign("info", "report"),
    "verified": Sign("ok", "shield-check"),
    "derived": Sign("quiet", "math-function"),
    "good": Sign("ok", "check"),
    "suspect": Sign("danger", "alert-triangle"),
    # a facility
    "operating": Sign("ok", "player-play"),
    "paused": Sign("warning", "player-pause"),
    "closed": Sign("quiet", "ban"),
    # yes, no, not known
    "yes": Sign("ok", "check"),
    "no": Sign("danger", "x"),
    "unknown": Sign("quiet", "question-mark"),
    "unclear": Sign("warning", "question-mark"),
}

_NO_SIGN = Sign("quiet", "point")


def sign_of(code: str) -> Sign:
    """The sign of a state; a state without one of its own is quiet."""
    return SIGNS.get(code, _NO_SIGN)
