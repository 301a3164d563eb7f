"""What people do with the library: write a draft, review it with a second pair of eyes, publish, withdraw.

One table of transitions, and one conditional UPDATE that takes a step; whoever comes second is told. Publishing
replaces the version that was in force, which stays as it was. Nobody who wrote on a draft may review it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sachhon.apps.guidance import content as contents
from sachhon.apps.guidance.models import OPEN_STATES, Kind, LibraryItem, LibraryVersion, State
from sachhon.apps.guidance.services.checks import problems_of
from sachhon.apps.guidance.services.errors import LibraryError, NotGoodYet
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import User

EDIT, REVIEW, PUBLISH = "guidance.library.edit", "guidance.library.review", "guidance.library.publish"


@dataclass(frozen=True)
class Transition:
    """From which states, to which, who may, what must hold before, whose name is kept, and the button."""

    action: str
    sources: tuple[str, ...]
    target: str
    permission: str
    guard: Callable[[User, LibraryVersion, str], None]
    signs: str  # prefix of the fields that keep who and when
    label: Any
    needs_remark: bool = False


def _second_person(actor: User, version: LibraryVersion, remark: str) -> None:
    if actor.pk in version.authors:
        raise LibraryError(_("You wrote on this draft: somebody else must review it."))
    found = problems_of(version.item.kind, version.content)
    if found:
        raise NotGoodYet(found)


def _with_remark(actor: User, version: LibraryVersion, remark: str) -> None:
    if not remark.strip():
        raise LibraryError(_("Write the reason, so that others understand it later."))


def _nothing(actor: User, version: LibraryVersion, remark: str) -> None:
    """No condition."""


S = State
TRANSITIONS: dict[str, Transition] = {
    step.action: step
    for step in [
        Transition("review", (S.DRAFT,), S.REVIEWED, REVIEW, _second_person, "reviewed",
                   gettext_lazy("Reviewed: it is right")),
        Transition("send_back", (S.REVIEWED,), S.DRAFT, REVIEW, _with_remark, "", gettext_lazy("Send back"), True),
        Transition("publish", (S.REVIEWED,), S.PUBLISHED, PUBLISH, _nothing, "published", gettext_lazy("Publish")),
        Transition("discard", (S.DRAFT, S.REVIEWED), S.WITHDRAWN, EDIT, _nothing, "ended",
                   gettext_lazy("Discard the draft")),
        Transition("withdraw", (S.PUBLISHED,), S.WITHDRAWN, PUBLISH, _with_remark, "ended",
                   gettext_lazy("Withdraw"), True),
    ]
}  # fmt: skip


def possible(user: User, version: LibraryVersion) -> list[Transition]:
    """The steps this person may take from where the version stands."""
    steps = [t for t in TRANSITIONS.values() if version.state in t.sources and user.may(t.permission)]
    return [t for t in steps if t.action != "review" or user.pk not in version.authors]


@transaction.atomic
def start_draft(actor: User, item: LibraryItem) -> LibraryVersion:
    """The draft of an item: the open one where there is one, else a copy of what is in force."""
    require(actor, EDIT)
    open_one = item.versions.filter(state__in=OPEN_STATES).first()
    if open_one is not None:
        return open_one
    base = item.versions.filter(state=State.PUBLISHED).first() or item.versions.first()
    if base is None:
        raise LibraryError(_("This item has no version to begin from."))
    return _new_version(actor, item, base.content)


@transaction.atomic
def create(actor: User, kind: Kind, content: dict[str, Any], why: str = "") -> LibraryVersion:
    """A new option or case as a draft. What is not cleaner production is refused with the reason."""
    require(actor, EDIT)
    found = problems_of(kind, content)
    if found:
        raise NotGoodYet(found)
    order = (LibraryItem.objects.aggregate(last=Max("order"))["last"] or 0) + 1
    item = LibraryItem(kind=kind, code=content["code"], order=order, state=State.DRAFT)
    _file(item, content)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError:
        raise LibraryError(_("Code %(code)s is taken: choose another one.") % {"code": item.code}) from None
    return _new_version(actor, item, content, why)


@transaction.atomic
def save_draft(
    actor: User, version: LibraryVersion, content: dict[str, Any], *, why: str, stamp: int
) -> LibraryVersion:
    """Saves a draft; a reviewed one becomes a draft again. `stamp` is that of what the person had before them."""
    require(actor, EDIT)
    found = problems_of(version.item.kind, content)
    if found:
        raise NotGoodYet(found)
    authors = sorted({*version.authors, actor.pk})
    saved = LibraryVersion.objects.filter(pk=version.pk, state__in=OPEN_STATES, stamp=stamp).update(
        content=content, why=why.strip()[:500], authors=authors, written_by=actor, state=State.DRAFT,
        reviewed_by=None, reviewed_at=None, stamp=F("stamp") + 1,
    )  # fmt: skip
    stored = LibraryVersion.objects.select_related("item", "written_by").get(pk=version.pk)
    if not saved:
        raise LibraryError(_moved_words(stored))
    _refresh(stored.item)
    audit.record(
        actor, "library.save", stored.item, before={"content": version.content}, after={"content": content}
    )
    return stored


@transaction.atomic
def move(actor: User, version: LibraryVersion, action: str, remark: str = "") -> LibraryVersion:
    """Takes one step of the table, audited; returns the version as it is stored then."""
    step = TRANSITIONS[action]
    require(actor, step.permission)
    step.guard(actor, version, remark)
    signed = {f"{step.signs}_by": actor, f"{step.signs}_at": timezone.now()} if step.signs else {}
    if step.target == State.DRAFT:
        signed |= {"reviewed_by": None, "reviewed_at": None}
    if step.target == State.PUBLISHED:
        version.item.versions.filter(state=State.PUBLISHED).update(
            state=State.REPLACED, ended_by=actor, ended_at=timezone.now()
        )
    taken = LibraryVersion.objects.filter(pk=version.pk, state__in=step.sources, stamp=version.stamp).update(
        state=step.target, remark=remark.strip()[:500], stamp=F("stamp") + 1, **signed
    )
    stored = LibraryVersion.objects.select_related("item", "written_by").get(pk=version.pk)
    if not taken:
        raise LibraryError(_moved_words(stored))
    _refresh(stored.item)
    after = {"state": stored.state} | ({"remark": remark.strip()} if remark.strip() else {})
    audit.record(actor, f"library.{action}", stored.item, before={"state": version.state}, after=after)
    return stored


@transaction.atomic
def take_down_case(code: str, remark: str) -> None:
    """Withdraws every open or published version of a case: its factory, or who verified it, no longer stands by it.

    Whoever may do that is decided by the room that knows the factory; no permission of the library is asked. No
    person is written beside the case: whoever knows where that person works would know the factory.
    """
    item = LibraryItem.objects.select_for_update().get(kind=Kind.CASE, code=code)
    standing = item.versions.filter(state__in=(*OPEN_STATES, State.PUBLISHED))
    taken = standing.update(
        state=State.WITHDRAWN,
        remark=remark.strip()[:500],
        ended_by=None,
        ended_at=timezone.now(),
        stamp=F("stamp") + 1,
    )
    _refresh(item)
    audit.record(None, "library.withdraw", item, after={"versions": taken, "remark": remark.strip()})


@transaction.atomic
def settle_conflict(actor: User, item: LibraryItem, take: bool) -> LibraryVersion | None:
    """A newer data file met edits: its content becomes a draft to be looked at, or is declined."""
    require(actor, EDIT)
    if item.file_content is None:
        raise LibraryError(_("This was settled already."))
    newer = item.file_content
    draft = None
    if take:
        if item.versions.filter(state__in=OPEN_STATES).exists():
            raise LibraryError(_("There is a draft already: publish or discard it first."))
        draft = _new_version(actor, item, newer, _("From the newer data file"))
    item.file_digest, item.file_content = contents.digest(newer), None
    item.save(update_fields=["file_digest", "file_content"])
    audit.record(actor, "library.settle", item, after={"taken": take})
    return draft


def _new_version(actor: User, item: LibraryItem, content: dict, why: str = "") -> LibraryVersion:
    last = item.versions.aggregate(last=Max("number"))["last"] or 0
    version = LibraryVersion.objects.create(
        item=item,
        number=last + 1,
        content=content,
        why=why.strip()[:500],
        written_by=actor,
        authors=[actor.pk],
    )
    _refresh(item)
    audit.record(actor, "library.draft", item, after={"version": version.number})
    return version


def _refresh(item: LibraryItem) -> None:
    """What lists filter by: the state of the newest version, the content in force (or, without one, the newest)."""
    newest = item.versions.order_by("-number").first()
    shown = item.versions.filter(state=State.PUBLISHED).first()
    item.published = shown is not None
    if newest is not None:
        discarded = newest.state == State.WITHDRAWN and shown is not None
        item.state = State.PUBLISHED if discarded else newest.state
        _file(item, (shown or newest).content)
    item.save()


def _file(item: LibraryItem, content: dict) -> None:
    for name, value in contents.filed_under(item.kind, content).items():
        setattr(item, name, value)


def _moved_words(version: LibraryVersion) -> str:
    who = version.written_by.display_name() if version.written_by else ""
    words = {"state": version.get_state_display(), "who": who}
    return (
        _("Nothing was done: this version was changed meanwhile (“%(state)s”, %(who)s). Open it again.")
        % words
    )
