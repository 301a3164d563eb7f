"""The one error of the inbox that a person sees as a sentence."""


class NotPossible(Exception):
    """What was asked cannot be done now; `str()` says why and what can be done, in the page's language."""
