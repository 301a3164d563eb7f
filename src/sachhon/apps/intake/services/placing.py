"""Whose file is it? From what the file says, who sent it, and the mapping used. In doubt a person is asked.

A file is never given to a facility that its sender may not write to; the answer does not tell whether
such a facility exists.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sachhon.apps.intake.formats import Read
from sachhon.apps.intake.models import ImportFile
from sachhon.apps.people.scope import Reach
from sachhon.apps.registry.models import Facility
from sachhon.reference.text import fold
from sachhon.workbooks.problems import Problem

CODE = re.compile(r"[A-Z0-9]{2,6}-\d{3,}")


@dataclass(frozen=True)
class Place:
    """The facility, or None with the problem that says why; a problem of level "error" refuses the file."""

    facility: Facility | None
    problems: tuple[Problem, ...] = ()


def place(file: ImportFile, read: Read | None) -> Place:
    """Decides the facility of `file` for the person on whose behalf it is read."""
    actor = file.asked_by
    mine = Facility.objects.visible_to(actor).filter(merged_into=None)
    chosen = mine.filter(pk=file.facility_id).first() if file.facility_chosen else None
    if file.facility_chosen and chosen is None:
        return _refused("facility_not_yours", tax_code="", facility_code="")
    claims = _claimed(mine, read) if read is not None else _Claims()
    if claims.clash:
        return _refused("facility_codes_differ", tax_code=read.tax_code, facility_code=read.facility_code)
    if claims.found and chosen is not None and chosen not in claims.found:
        problem = Problem("warning", "facility_chosen_differs", params={"facility": chosen.name})
        return Place(chosen, (problem,))
    if claims.stated and not claims.found and (chosen is None or actor.reach == Reach.OWN):
        if _is_code_misread(read):
            return Place(None)  # The reader refused the code at its cell already: one mistake, one message.
        return _refused("facility_not_yours", tax_code=read.tax_code, facility_code=read.facility_code)
    if chosen is not None:
        return Place(chosen)
    if len(claims.found) == 1:
        return Place(claims.found[0])
    if not claims.found:
        named = _in_name(mine, file.name)
        if named is not None:
            return Place(named, (Problem("info", "facility_from_name", params={"facility": named.name}),))
        only = _only(mine, file)
        if only is not None:
            return Place(only)
    return Place(None, (Problem("warning", "facility_unknown"),))


def may_send_for(user) -> "Sequence[Facility]":
    """The facilities this person may send files for, for a choice in a form."""
    return Facility.objects.visible_to(user).filter(merged_into=None)


def _is_code_misread(read: Read) -> bool:
    return any(problem.level == "error" and "tax_code" in problem.rule for problem in read.problems)


@dataclass(frozen=True)
class _Claims:
    """What the file itself says: whether it states a code, which facilities match, whether two codes clash."""

    stated: bool = False
    found: tuple[Facility, ...] = ()
    clash: bool = False


def _claimed(mine, read: Read) -> _Claims:
    code, tax = read.facility_code.strip().upper(), read.tax_code.strip()
    by_code = _following(mine, Facility.objects.filter(code__iexact=code)) if code else []
    by_tax = list(mine.filter(tax_code=tax)) if tax else []
    if code and tax and by_code and by_tax and not set(by_code) & set(by_tax):
        return _Claims(stated=True, clash=True)
    if by_code and tax and not by_tax and by_code[0].tax_code:
        # The code is ours but the tax code is somebody else's: not to be taken on the strength of half a claim.
        return _Claims(stated=True)
    found = by_code or by_tax
    named = fold(read.facility_name)
    if len(found) > 1 and named:
        found = [f for f in found if fold(f.name) == named] or found
    if not found and not code and not tax and named:
        found = [f for f in mine if fold(f.name) == named]
        return _Claims(found=tuple(found))
    return _Claims(stated=bool(code or tax), found=tuple(found))


def _following(mine, facilities) -> list[Facility]:
    """The facilities, each replaced by the one it was merged into, as far as they may be written to."""
    kept = {f.merged_into_id or f.pk for f in facilities}
    return list(mine.filter(pk__in=kept))


def _in_name(mine, name: str) -> Facility | None:
    """The one facility whose code stands in the file's name ("LS-0036_hoa-don-dien.xlsx")."""
    found = list(mine.filter(code__in=CODE.findall(name.upper()))[:2])
    return found[0] if len(found) == 1 else None


def _only(mine, file: ImportFile) -> Facility | None:
    """Where the file itself says nothing: the facility it was read for before, or the sender's own, if just one.

    A layout alone tells nothing: all bills look alike.
    """
    if file.facility_id and (before := mine.filter(pk=file.facility_id).first()):
        return before
    sender = file.job.created_by
    if sender.reach not in (Reach.OWN, Reach.ASSIGNED):
        return None
    own = Facility.objects.visible_to(sender).filter(merged_into=None)
    two = list(mine.filter(pk__in=own.order_by().values("pk"))[:2])
    return two[0] if len(two) == 1 else None


def _refused(rule: str, **params) -> Place:
    return Place(None, (Problem("error", rule, params=params),))
