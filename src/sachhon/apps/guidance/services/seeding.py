"""Takes the data files into the library, again and again without harm.

What is new comes in as published (or withdrawn, where it is not cleaner production by the domain's rule). A file
that changed becomes a new published version only where nobody has edited the item; where somebody has, the
edit stands and the newer file is kept beside it as a conflict for the centre to settle.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from sachhon.apps.guidance import content
from sachhon.apps.guidance.models import Kind, LibraryItem, LibraryVersion, State
from sachhon.reference import knowledge, not_cp_kinds
from sachhon.reference.facts import facts
from sachhon.reference.text import fold


@dataclass(frozen=True)
class Filed:
    """One item as the data files have it; `refused` is why it is no cleaner production, or ""."""

    kind: str
    code: str
    content: dict[str, Any]
    refused: str = ""


@dataclass(frozen=True)
class Synced:
    """How many items were new, brought up to date from the file, and left for the centre to decide."""

    new: int
    updated: int
    conflicts: int


def on_reference_synced(sender, **_kwargs) -> None:
    """The registry has copied the reference; the library follows in the same transaction."""
    sync_library()


@transaction.atomic
def sync_library() -> Synced:
    """Brings the library up to the data files; run after every upgrade."""
    stored = {(item.kind, item.code): item for item in LibraryItem.objects.all()}
    new: list[tuple[LibraryItem, Filed]] = []
    updated = conflicts = 0
    for order, filed in enumerate(_filed()):
        digest = content.digest(filed.content)
        item = stored.get((filed.kind, filed.code))
        if item is None:
            new.append((_item(filed, order, digest), filed))
        elif item.file_digest != digest:
            took = _take_newer(item, filed, digest)
            updated, conflicts = updated + took, conflicts + (not took)
    _create(new)
    return Synced(len(new), updated, conflicts)


def _filed() -> Iterator[Filed]:
    reasons = {kind.code: kind.extra["reason_vi"] for kind in not_cp_kinds()}
    refused = {f.code: reasons[f.extra["not_cp"]] for f in facts("options") if f.extra["not_cp"]}
    for checklist in knowledge.checklists().values():
        yield Filed(Kind.CHECKLIST, checklist.code, content.plain_checklist(checklist))
    for option in knowledge.library_options().values():
        yield Filed(Kind.OPTION, option.code, content.plain_option(option), refused.get(option.code, ""))
    measured = {b.system for b in knowledge.library_benchmarks().values()}
    for system in knowledge.systems():
        if system in measured:
            yield Filed(Kind.BENCHMARK, system, content.plain_benchmarks(system))


def _item(filed: Filed, order: int, digest: str) -> LibraryItem:
    under = content.filed_under(filed.kind, filed.content)
    return LibraryItem(
        kind=filed.kind,
        code=filed.code,
        order=order,
        file_digest=digest,
        state=State.WITHDRAWN if filed.refused else State.PUBLISHED,
        published=not filed.refused,
        search_key=fold(f"{filed.code} {under['name_vi']} {under['name_en']}"),
        **under,
    )


def _create(new: list[tuple[LibraryItem, Filed]]) -> None:
    """Many at once: a fresh installation takes in some three hundred."""
    items = LibraryItem.objects.bulk_create([item for item, _filed in new], batch_size=200)
    LibraryVersion.objects.bulk_create(
        [_version(item, filed, 1, item.state) for item, (_unsaved, filed) in zip(items, new, strict=True)],
        batch_size=200,
    )


def _version(item: LibraryItem, filed: Filed, number: int, state: str) -> LibraryVersion:
    now = timezone.now()
    times = {"ended_at": now} if state == State.WITHDRAWN else {"published_at": now}
    return LibraryVersion(
        item=item,
        number=number,
        state=state,
        origin=LibraryVersion.Origin.FILE,
        content=filed.content,
        remark=filed.refused[:500],
        **times,
    )


def _take_newer(item: LibraryItem, filed: Filed, digest: str) -> bool:
    """A newer file: taken where the newest version is the file's own, else kept beside as a conflict."""
    newest = item.versions.order_by("-number").first()
    if newest is None or newest.origin != LibraryVersion.Origin.FILE or newest.state == State.WITHDRAWN:
        item.file_content = filed.content
        item.save(update_fields=["file_content"])
        return False
    item.versions.filter(state=State.PUBLISHED).update(state=State.REPLACED, ended_at=timezone.now())
    _version(item, filed, newest.number + 1, State.PUBLISHED).save()
    for name, value in content.filed_under(filed.kind, filed.content).items():
        setattr(item, name, value)
    item.file_digest = digest
    item.save()
    return True
