"""Reads of the inbox. Every one starts from what the asking user may see."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from sachhon.apps.intake.models import ImportFile, ImportJob, MappingProfile
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.people.sorting import in_order, ordered
from sachhon.apps.registry.models import Facility, RecordChange
from sachhon.reference.text import fold

State = ImportFile.State

# What waits for a person, in the order of the list's chips.
OPEN_STATES = (State.NEEDS_FACILITY, State.NEEDS_MAPPING, State.REFUSED)


FILE_ORDER = {
    "name": ("name_key",),
    "state": ("state",),
    "facility": ("facility__sort_key",),
    "year": ("year",),
    "values": ("values_taken",),
    "problems": ("errors", "-warnings"),
    "sent": ("job__created_at",),
    "sender": ("job__created_by__last_name", "job__created_by__first_name"),
    "size": ("size",),
}
PROFILE_ORDER = {
    "name": lambda p: fold(p.name),
    "facility": lambda p: p.facility.sort_key,
    "by": lambda p: fold(p.created_by.display_name()) if p.created_by else None,
    "used": lambda p: p.used,
    "shared": lambda p: p.shared,
}


@dataclass(frozen=True)
class FileFilter:
    """What the list is narrowed to, as it stands in the address. `state` "open" is all that waits for a person."""

    q: str = ""
    state: str = ""
    year: str = ""
    job: str = ""
    profile: str = ""
    sort: str = ""

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> "FileFilter":
        return cls(
            **{
                name: params.get(name, "").strip()
                for name in ("q", "state", "year", "job", "profile", "sort")
            }
        )


def files(user, wanted: FileFilter):
    """The files of the list, newest first unless another order is asked for, with the number of errors and warnings
    of each."""
    rows = ImportFile.objects.visible_to(user).select_related("job__created_by", "facility", "asked_by")
    if wanted.state == "open":
        rows = rows.filter(state__in=OPEN_STATES)
    elif wanted.state in State.values:
        rows = rows.filter(state=wanted.state)
    else:
        rows = rows.exclude(state=State.SET_ASIDE)
    if wanted.year.isdigit():
        rows = rows.filter(year=int(wanted.year))
    if wanted.job:
        rows = rows.filter(job=job_by_key(user, wanted.job))
    if wanted.profile.isdigit():
        rows = rows.filter(profiles=int(wanted.profile))
    for word in fold(wanted.q).split():
        rows = rows.filter(Q(name_key__contains=word) | Q(facility__search_key__contains=word))
    rows = rows.annotate(
        errors=Count("problems", filter=Q(problems__level="error")),
        warnings=Count("problems", filter=Q(problems__level="warning")),
    )
    return ordered(rows, wanted.sort, FILE_ORDER, ("-job_id", "pk"))


def counts(user) -> dict[str, int]:
    """How many files stand in each state, and "open": how many wait for a person."""
    rows = ImportFile.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk"))
    found = dict(rows)
    return {**found, "open": sum(found.get(state, 0) for state in OPEN_STATES)}


def years(user) -> list[int]:
    """The years of the files, newest first."""
    rows = ImportFile.objects.visible_to(user).exclude(year=None).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def jobs(user):
    """The sendings this person may see."""
    return ImportJob.objects.visible_to(user).select_related("created_by")


def job_by_key(user, key: str) -> ImportJob | None:
    """The sending with this key; None for what is no key, or not to be seen."""
    try:
        return jobs(user).filter(key=uuid.UUID(key)).first()
    except ValueError:
        return None


def unfinished_jobs(user):
    """Sendings that wait or are being read."""
    return jobs(user).exclude(state=ImportJob.State.DONE)


def recent_jobs(user, limit: int = 20):
    """The last sendings, for a choice in the list's filters."""
    return jobs(user)[:limit]


def job_counts(job: ImportJob) -> dict[str, int]:
    """How many files of one sending stand in each state."""
    return dict(job.files.order_by().values_list("state").annotate(Count("pk")))


def history(user, file: ImportFile):
    """What was done with the file, oldest first."""
    entries = AuditEntry.objects.visible_to(user)
    return entries.filter(object_type=ImportFile._meta.label_lower, object_id=str(file.pk)).order_by("pk")


def records_of(file: ImportFile):
    """The changes of records that stand because of this file."""
    if not file.batch:
        return RecordChange.objects.none()
    return RecordChange.objects.filter(batch=file.batch, undone_at=None)


def profiles(user, *, q: str = "", shared: str = "", sort: str = "") -> list[MappingProfile]:
    """The mapping profiles of facilities within reach, and those offered to all in the province.

    q : words of the profile's or the facility's name, without tone marks; shared : "yes", "no" or both.
    """
    facilities = Facility.objects.visible_to(user)
    provinces = facilities.order_by().values("province_code").distinct()
    own = MappingProfile.objects.visible_to(user).order_by().values("pk")
    offered = Q(shared=True, facility__province_code__in=provinces)
    rows = MappingProfile.objects.filter(Q(pk__in=own) | offered).select_related("facility", "created_by")
    if shared in ("yes", "no"):
        rows = rows.filter(shared=shared == "yes")
    found = list(rows.annotate(used=Count("files", distinct=True)).order_by("name", "pk"))
    words = fold(q).split()
    found = [p for p in found if all(word in fold(f"{p.name} {p.facility.name}") for word in words)]
    return in_order(found, sort, PROFILE_ORDER)


def facilities(user, most: int = 300):
    """The facilities the person may send files for, for a field's suggestions; none when there are too many."""
    rows = Facility.objects.visible_to(user).filter(merged_into=None).order_by("code")
    found = list(rows[: most + 1])
    return found if len(found) <= most else []


def facility_by_code(user, code: str) -> Facility | None:
    """The facility with this code, if the person may send files for it."""
    return Facility.objects.visible_to(user).filter(merged_into=None, code__iexact=code.strip()).first()
