"""The words that the checklist's scripts show, in the language of the page."""

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Reply


def page_words() -> dict[str, str]:
    """Handed to the scripts with the page, so that they speak without a connection too."""
    return {
        **{value: str(label) for value, label in Reply.choices},
        "unanswered": _("Not answered"),
        "waiting": _("Waiting to be sent: {n}"),
        "all_sent": _("Everything is sent"),
        "sending": _("Sending…"),
        "offline": _("No connection. What you answer is kept on this device and sent later."),
        "login": _("Your login has ended. What you typed is kept on this device: log in again to send it."),
        "log_in": _("Log in"),
        "other": _(
            "Somebody else is logged in on this device now. What {name} typed here is kept and is sent when "
            "{name} logs in again."
        ),
        "nobody": _("Nobody is logged in on this device. Log in to open the checklist."),
        "not_here": _(
            "This checklist has not been opened on this device yet. Open it once with a connection."
        ),
        "gone": _(
            "You no longer see this assessment. What you typed is kept on this device: copy it and give it to "
            "the lead."
        ),
        "failed": _("The server did not answer as expected. What you typed is kept and is sent again later."),
        "kept": _("Not sent: kept on this device"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "save_file": _("Save as a file"),
        "drop": _("Throw away"),
        "drop_sure": _("Throw this away? It was not sent and cannot be brought back."),
        "note": _("Note"),
        "note_hint": _("What was seen, where, how much"),
        "photo": _("Photo"),
        "add_photo": _("Take or choose a photo"),
        "remove": _("Take the photo off"),
        "not_photo": _("This file is not a photo that this device can read: choose another one."),
        "too_big": _("The photo is larger than {n} MB: take it again at a lower resolution."),
        "photo_waits": _("waits to be sent"),
        "before": _("Question before"),
        "next": _("Next question"),
        "of": _("Question {n} of {all}"),
        "answered": _("answered {n} of {all}"),
        "to_choose": _("to choose between two answers: {n}"),
        "differs": _("Two people answered differently"),
        "stands": _("Stands now"),
        "beside": _("Sent later"),
        "keep_this": _("Keep this one"),
        "choose_online": _("Choosing needs a connection."),
        "elsewhere": _("Another checklist has {n} waiting to be sent: open it"),
        "by": _("{name}, {time}"),
        "keys": _("Keys: 1–4 answer, arrows go on and back, N writes a note"),
        "kept_here": _(
            "Kept on this device, not encrypted, until you log out: on a shared phone log out when the walk is done."
        ),
        "cannot_keep": _(
            "This device cannot keep answers (private window, or no space left): stay on the page until "
            "everything is sent."
        ),
    }
