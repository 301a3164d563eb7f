"""The general format: any table of bills, meter readings, output or solutions, read by mapping profiles.

Each layout of table in the workbook needs a profile (or a person's word to skip it). Figures are written month by
month into records; solutions go to the room that keeps annual reports. Not for annual reports in their own form:
those are a format of the reporting room.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sachhon.apps.intake import solutions
from sachhon.apps.intake.doubts import doubts_of
from sachhon.apps.intake.formats import Followed, Read
from sachhon.apps.intake.models import ImportFile, MappingProfile
from sachhon.apps.intake.monthly import MonthlyWriter
from sachhon.apps.intake.told import REFUSING
from sachhon.apps.registry.models import Facility, RecordChange
from sachhon.apps.registry.services.judged import refuse_judged
from sachhon.workbooks import profile as mapping
from sachhon.workbooks.extract import Extraction, extract
from sachhon.workbooks.forms import form_fields
from sachhon.workbooks.grid import Sheet, Workbook
from sachhon.workbooks.nearest import Nearest, nearest
from sachhon.workbooks.problems import Problem, refuse
from sachhon.workbooks.readings import Reading
from sachhon.workbooks.solutions import FoundSolution
from sachhon.workbooks.suggest import suggest
from sachhon.workbooks.tables import find_tables

KEY = "mapped"
FIGURES_OF_A_TABLE = 4


@dataclass(frozen=True)
class Part:
    """What is done with one layout: read by a mapping (under the name of a meter, if one was given) or skipped."""

    mapping: mapping.MappingProfile
    meter: str = ""
    skipped: bool = False

    def to_spec(self) -> dict:
        """As kept in MappingProfile.spec."""
        return {"mapping": json.loads(self.mapping.to_json()), "meter": self.meter, "skipped": self.skipped}

    @classmethod
    def from_spec(cls, spec: dict) -> "Part":
        """The inverse of `to_spec`; ValueError for what is no mapping."""
        try:
            kept = mapping.MappingProfile.from_json(json.dumps(spec["mapping"]))
            return cls(kept, str(spec.get("meter", ""))[:64], bool(spec.get("skipped", False)))
        except (KeyError, TypeError, AttributeError) as wrong:
            raise ValueError(f"not a mapping: {wrong}") from wrong


@dataclass(frozen=True)
class Payload:
    """What was read: the readings, each with the name of its meter, and the solutions."""

    readings: tuple[tuple[str, Reading], ...]
    solutions: tuple[FoundSolution, ...]


class MappedFormat:
    """Registered by intake itself. Never sure of a workbook: the inbox turns to it when no other format is."""

    key = KEY

    def score(self, workbook: Workbook) -> float:
        return 0.1

    def read(self, workbook: Workbook, *, profile: Sequence[dict] | None = None) -> Read:
        """Reads by the given specs, one for each layout."""
        try:
            parts = [Part.from_spec(spec) for spec in profile or ()]
        except ValueError:
            raise refuse("mapping_unusable") from None
        found = [(part, extract(workbook, part.mapping)) for part in parts if not part.skipped]
        read = read_of(found)
        return replace(read, problems=(*read.problems, *unread_sheets(workbook)))

    def write(self, actor, facility, read: Read, *, batch: str, file_name: str) -> Sequence[Problem]:
        found = read.payload
        writer = MonthlyWriter(actor, facility, batch, file_name, is_all=not found.solutions)
        problems = writer.write(found.readings)
        if any(problem.level == "error" for problem in problems):
            return problems
        kept = solutions.Stored()
        if found.solutions:
            kept = solutions.store().write(actor, facility, found.solutions, batch=batch, file_name=file_name)
        taken = writer.taken + kept.figures
        left_out = [*(p for p in problems if p.rule in REFUSING), *kept.left_out]
        if left_out and not taken:
            return [replace(problem, level="error") for problem in left_out]
        read.summary.update(products_made=writer.products_made, taken=taken)
        return [*problems, *doubts_of(facility, writer.rows), *kept.told, *kept.left_out]

    def undo(self, actor, batch: str) -> None:
        """Takes solutions out of their reports; the inbox takes the records back, but those of a judged year stay."""
        changes = RecordChange.objects.filter(batch=batch, undone_at=None).select_related("facility")
        years: dict[Facility, set[int]] = {}
        for change in changes:
            years.setdefault(change.facility, set()).add(change.record_key[0])
        for facility, touched in years.items():
            refuse_judged(facility, touched)
        solutions.store().undo(actor, batch)

    def followed(self, file: ImportFile) -> Sequence[Followed]:
        """Nothing: records are written and that is all."""
        return ()

    def link(self, file: ImportFile) -> tuple[str, str]:
        address = reverse("registry:records", args=[file.facility.code])
        return _("Monthly figures"), f"{address}?year={file.year}"


def read_of(found: Sequence[tuple[Part, Extraction]]) -> Read:
    """What several extractions of one workbook say together."""
    readings = tuple((part.meter, reading) for part, extraction in found for reading in extraction.readings)
    told = tuple(solution for _part, extraction in found for solution in extraction.solutions)
    problems = [problem for _part, extraction in found for problem in extraction.problems]
    if not readings and not told and not any(problem.level == "error" for problem in problems):
        problems.append(Problem("error", "nothing_taken"))
    problems += solutions.asked_for(told)
    years = sorted({int(reading.period[:4]) for _meter, reading in readings} | {each.year for each in told})
    return Read(
        payload=Payload(readings, told),
        problems=tuple(problems),
        year=years[-1] if years else None,
        values=len(readings) + sum(each.figures for each in told),
        summary={"years": years, "solutions": [solutions.summary_of(each) for each in told]},
    )


def suggestions(workbook: Workbook) -> list[mapping.MappingProfile]:
    """A suggested mapping for each layout of the workbook."""
    return suggest(workbook)


def layouts(workbook: Workbook) -> tuple[str, ...]:
    """The signatures of the layouts that need a mapping, in the order of the sheets."""
    return tuple(each.signature for each in suggest(workbook))


def unread_sheets(workbook: Workbook) -> list[Problem]:
    """A warning for each visible sheet that holds figures but no table or form that could be mapped."""
    return [
        Problem("warning", "sheet_not_read", sheet.name, params={"name": sheet.name})
        for sheet in workbook.sheets
        if not sheet.hidden and _has_figures(sheet) and not find_tables(sheet) and not form_fields(sheet)
    ]


def _has_figures(sheet: Sheet) -> bool:
    figures = (value for row in sheet.rows for value in row if isinstance(value, int | float))
    return sum(1 for _figure in islice(figures, FIGURES_OF_A_TABLE)) == FIGURES_OF_A_TABLE


def profiles_for(
    file: ImportFile, facility: Facility | None, wanted: Iterable[str]
) -> list[MappingProfile] | None:
    """A profile for every layout: chosen for this file, the facility's own, or one offered to all in the province.

    None when a layout has none, when all are skipped, or when it is not known whose the file is.
    """
    if facility is None:
        return None
    found = []
    known = {profile.signature: profile for profile in reversed(offered_to(facility))}
    for signature in dict.fromkeys(wanted):
        if signature not in known:
            return None
        found.append(known[signature])
    return found if any(not profile.spec.get("skipped") for profile in found) else None


def offered_to(facility: Facility) -> list[MappingProfile]:
    """The profiles a facility may use: its own first, then those shared in its province, the newest first."""
    shared = Q(shared=True, facility__province_code=facility.province_code)
    profiles = MappingProfile.objects.filter(Q(facility=facility) | shared).order_by("-pk")
    return sorted(profiles, key=lambda profile: profile.facility_id != facility.pk)


@dataclass(frozen=True)
class Near:
    """A profile of a similar layout, carried over to this one: a proposal for the mapping page."""

    profile: MappingProfile
    part: Part
    found: Nearest


def nearest_profile(facility: Facility, suggestion: mapping.MappingProfile) -> Near | None:
    """Of the profiles the facility may use, the one whose layout is most like this one, if any is."""
    known = []
    for profile in offered_to(facility):
        with suppress(ValueError):  # one that is damaged proposes nothing
            known.append((profile, Part.from_spec(profile.spec)))
    known = [(profile, part) for profile, part in known if not part.skipped]
    found = nearest(suggestion, [part.mapping for _profile, part in known])
    if found is None:
        return None
    profile, part = known[found.at]
    return Near(profile, Part(found.mapping, part.meter), found)


def nearest_of(facility: Facility, workbook: Workbook) -> Near | None:
    """What is proposed for the first layout of the workbook that no profile reads yet, if anything is."""
    known = {profile.signature for profile in offered_to(facility)}
    found = (nearest_profile(facility, each) for each in suggestions(workbook) if each.signature not in known)
    return next((near for near in found if near is not None), None)


def checked(part: Part) -> Part:
    """The part as a person confirmed it; ValueError names what is still undecided."""
    if not part.skipped and part.mapping.undecided:
        raise ValueError(", ".join(part.mapping.undecided))
    return replace(part, meter=part.meter.strip()[:64])
