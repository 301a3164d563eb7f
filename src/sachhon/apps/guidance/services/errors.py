"""The errors of the library that a person sees as sentences."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.workbooks.problems import Problem


class LibraryError(Exception):
    """What was asked cannot be done now; `str()` says why and what can be done, in the page's language."""


class NotGoodYet(LibraryError):
    """A content that has problems; all of them are gathered."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        lang = "en" if get_language() == "en" else "vi"
        said = " ".join(f"{p.message(lang)} {p.cure(lang)}" for p in self.problems[:3])
        more = len(self.problems) - 3
        super().__init__(said + (" " + _("And %(n)d more.") % {"n": more} if more > 0 else ""))
