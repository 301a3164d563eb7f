"""The letters of this room, in Vietnamese, from text templates; sent when the transaction has held."""

import logging
from collections.abc import Callable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

logger = logging.getLogger(__name__)


def letter(name: str, to: str, context: dict) -> EmailMessage:
    """The letter `mail/<name>_subject.txt` and `mail/<name>_body.txt` with the context put in."""
    context = {**context, "demo": settings.DEMO}
    with translation.override("vi"):
        subject = render_to_string(f"reporting/mail/{name}_subject.txt", context)
        body = render_to_string(f"reporting/mail/{name}_body.txt", context)
    return EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[to])


def post(name: str, to: str, context: dict, *, failed: Callable[[], object] | None = None) -> None:
    """Sends the letter after the commit. A mail server that fails undoes nothing that was decided: it is logged,
    and `failed` is called so that the letter can be sent another time.
    """
    message = letter(name, to, context)

    def send() -> None:
        try:
            message.send()
        except (OSError, SMTPException) as error:
            logger.warning("The letter %r to %s was not sent: %s", message.subject, to, error)
            if failed is not None:
                failed()

    transaction.on_commit(send)
