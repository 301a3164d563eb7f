"""The codes of a quick assessment's figures: ``quick:12:specific:fuel``, ``quick:12:score``."""

from sachhon.apps.assessment.models import Assessment


def code(assessment: Assessment, what: str, of: str = "") -> str:
    """The code of a figure: code(a, "specific", "fuel")."""
    return ":".join(part for part in ("quick", str(assessment.pk), what, of) if part)
