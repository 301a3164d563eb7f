"""The sign and the colour of every state a page shows, so that the same state looks the same everywhere.

Colour never stands alone: each state has a sign and a word. A page gives the model's own word (get_…_display) or
takes the one here.
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
    "draft": Sign("quiet", "pencil", _("Draft")),
    "submitted": Sign("info", "send", _("Submitted")),
    "returned": Sign("warning", "arrow-back-up", _("Returned with remarks")),
    "accepted": Sign("ok", "check", _("Accepted")),
    "locked": Sign("ok", "lock", _("Locked")),
    "issued": Sign("ok", "signature", _("Issued")),
    "resign": Sign("warning", "alert-triangle", _("Changed after it was signed")),
    "missing": Sign("quiet", "circle-dashed", _("Not begun")),
    # against a deadline
    "on_time": Sign("ok", "clock", _("On time")),
    "due_soon": Sign("warning", "calendar-due", _("Due soon")),
    "late": Sign("danger", "clock-exclamation", _("Late")),
    # a file or a job
    "waiting": Sign("quiet", "clock", _("Waiting")),
    "running": Sign("info", "loader-2", _("Running")),
    "needs_mapping": Sign("warning", "columns-3", _("Columns to be mapped")),
    "needs_facility": Sign("warning", "building-factory-2", _("Facility to be chosen")),
    "taken": Sign("ok", "check", _("Taken")),
    "warnings": Sign("warning", "alert-triangle", _("Taken with warnings")),
    "refused": Sign("danger", "x", _("Refused")),
    "duplicate": Sign("quiet", "copy", _("Already taken")),
    "outdone": Sign("quiet", "scale", _("Better figures kept")),
    "undone": Sign("quiet", "rotate", _("Undone")),
    "set_aside": Sign("quiet", "package", _("Set aside")),
    "failed": Sign("danger", "alert-circle", _("Stopped by an error")),
    # a finding or a problem
    "error": Sign("danger", "alert-circle", _("Error")),
    "warning": Sign("warning", "alert-triangle", _("Warning")),
    "info": Sign("info", "info-circle", _("Note")),
    "open": Sign("warning", "alert-triangle", _("Open")),
    "corrected": Sign("ok", "pencil", _("Corrected")),
    "explained": Sign("ok", "message-report", _("Explained")),
    # an assessment
    "requested": Sign("warning", "message-report", _("Requested")),
    "underway": Sign("info", "progress", _("Under way")),
    "in_review": Sign("info", "eye", _("In review")),
    "signed": Sign("ok", "signature", _("Signed off")),
    "cancelled": Sign("quiet", "ban", _("Cancelled")),
    # a solution of an assessment: screening, then how far it is
    "do_now": Sign("ok", "bolt"),
    "study": Sign("info", "search"),
    "drop": Sign("quiet", "ban"),
    "idea": Sign("quiet", "bulb"),
    "studied": Sign("info", "search"),
    "chosen": Sign("info", "target-arrow"),
    "dropped": Sign("quiet", "ban"),
    "computed": Sign("info", "math-function"),
    # a version of the library
    "reviewed": Sign("info", "eye"),
    "published": Sign("ok", "check"),
    "replaced": Sign("quiet", "history"),
    "withdrawn": Sign("quiet", "ban"),
    # a solution
    "planned": Sign("quiet", "calendar", _("Planned")),
    "in_progress": Sign("info", "progress", _("In progress")),
    "done": Sign("ok", "check", _("Done")),
    # a figure or a record
    "measured": Sign("ok", "gauge", _("Measured")),
    "estimated": Sign("warning", "ruler-measure", _("Estimated")),
    "reported": Sign("info", "report", _("Reported")),
    "verified": Sign("ok", "shield-check", _("Verified")),
    "derived": Sign("quiet", "math-function", _("Derived")),
    "good": Sign("ok", "check", _("Good")),
    "suspect": Sign("danger", "alert-triangle", _("Suspect")),
    # a facility
    "operating": Sign("ok", "player-play", _("Operating")),
    "paused": Sign("warning", "player-pause", _("Paused")),
    "closed": Sign("quiet", "ban", _("Closed")),
    # yes, no, not known
    "yes": Sign("ok", "check", _("Yes")),
    "no": Sign("danger", "x", _("No")),
    "unknown": Sign("quiet", "question-mark", _("Unknown")),
    "unclear": Sign("warning", "question-mark", _("Cannot be told yet")),
}

_NO_SIGN = Sign("quiet", "point")


def sign_of(code: str) -> Sign:
    """The sign of a state; a state without one of its own is quiet."""
    return SIGNS.get(code, _NO_SIGN)
