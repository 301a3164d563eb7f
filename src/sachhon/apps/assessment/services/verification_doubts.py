"""What stands against a computed saving in the records themselves: doubtful months, and records changed since.

A month that used ten, a hundred or a thousand times what the baseline expects is a slip of unit before it is a
saving or a worsening, and so is a baseline month against the other months of the baseline
(`science.plausibility.slip`). Months marked suspect, and the grave findings of the annual report, count too. An
estimate is no doubt of a figure, but nothing that a saving can be verified by (`not_actual`).
"""

import datetime
import math
from collections.abc import Iterable, Iterator

import numpy as np
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Verification
from sachhon.apps.assessment.services.verification_result import computed, read_months, seen_digest
from sachhon.apps.registry.models import Flow, Quality, Record, RecordSource
from sachhon.apps.registry.services.doubted import doubts_about
from sachhon.documents.numbers import format_quantity
from sachhon.reference.units import unit_label
from sachhon.science.plausibility import slip


def is_outdated(row: Verification) -> bool:
    """Whether the records of the months are other ones than the saving was computed from."""
    if "saving" not in row.result:
        return False
    if "seen" not in row.result:  # computed before digests were kept: what comes out tells it
        return not math.isclose(computed(row).get("saving", math.nan), row.result["saving"], rel_tol=1e-6)
    before = read_months(row, row.baseline_from, row.baseline_to)
    after = read_months(row, row.report_from, row.report_to)
    return row.result["seen"] != seen_digest(before, after)


def doubts(row: Verification) -> list[str]:
    """What is doubtful in the records of a saving that was computed, or could not be, each with what to do."""
    if not row.result:
        return []
    return [*_slips(row), *_suspect(row), *_found_above(row)]


def not_actual(row: Verification, today: datetime.date) -> list[str]:
    """Why the measured months are not yet what was used in them: the last is not over, or a record is an estimate.

    An estimate may be told as one; verified is what a meter, a bill or a ledger says of months that are over.
    """
    told = []
    if _month(row.report_to) >= _month(today):
        told.append(
            _(
                "%(month)s is not over: a saving is verified over whole months. Wait for its record, or let the "
                "report months end earlier, then compute again."
            )
            % {"month": f"{row.report_to:%m/%Y}"}
        )
    if guessed := [r for r in _estimates(row) if (r.year, r.month) >= _month(row.report_from)]:
        told.append(
            _(
                "Estimated, not read: %(what)s. A saving computed of estimates is an estimate and is not verified. "
                "Enter what the meter, bill or ledger says, or measure other months, then compute again."
            )
            % {"what": _by_item(guessed)}
        )
    return told


def estimated_baseline(row: Verification) -> str:
    """Which months of the baseline are estimates, in words: the model is no surer than they are. Empty where none is.

    A year that was reported before it was over often keeps its last month so; that alone hinders no verification.
    """
    guessed = [r for r in _estimates(row) if (r.year, r.month) < _month(row.report_from)]
    if not guessed:
        return ""
    return _(
        "The baseline holds estimates: %(what)s. Its model is no surer than they are; put them right where the meter "
        "or bill is at hand, then compute again."
    ) % {"what": _by_item(guessed)}


def _estimates(row: Verification) -> list[Record]:
    """The estimates among the records that the saving was computed from."""
    rows = Record.objects.filter(pk__in=row.result.get("records", []))
    guessed = rows.filter(Q(source=RecordSource.ESTIMATE) | Q(quality=Quality.ESTIMATED))
    return list(guessed.select_related("resource", "product"))


def _month(day: datetime.date) -> tuple[int, int]:
    return day.year, day.month


def _by_item(records: Iterable[Record]) -> str:
    """ "Điện lưới 05/2026, 06/2026; Gạch đặc 06/2026": each thing once, with its months."""
    months: dict[str, set[tuple[int, int]]] = {}
    for record in records:
        months.setdefault(record.item.name, set()).add((record.year, record.month))
    return "; ".join(
        f"{name} {', '.join(f'{m:02d}/{y}' for y, m in sorted(found))}" for name, found in months.items()
    )


def _slips(row: Verification) -> Iterator[str]:
    lang = "en" if get_language() == "en" else "vi"
    before = read_months(row, row.baseline_from, row.baseline_to)
    usual = float(np.median(before.consumption)) if before.months else 0.0
    first = (row.report_from.year, row.report_from.month)
    series = [((y, m), used, expected) for y, m, used, expected in row.result.get("series", [])]
    looked_at = [(m, float(used), usual) for m, used in zip(before.months, before.consumption, strict=True)]
    looked_at += [one for one in series if one[0] >= first]
    for (year, month), used, against in looked_at:
        factor = slip(used, against)
        if factor is None:
            continue
        yield _(
            "%(month)s: %(used)s %(unit)s where about %(expected)s are expected; that looks like a slip of unit "
            "or decimal point (× %(factor)s). Correct the record, then compute again; if it is right, measure "
            "other months."
        ) % {
            "month": f"{month:02d}/{year}",
            "used": format_quantity(used, lang),
            "expected": format_quantity(against, lang),
            "unit": unit_label(row.resource.unit, lang),
            "factor": format_quantity(factor, lang),
        }


def _suspect(row: Verification) -> Iterator[str]:
    rows = Record.objects.filter(pk__in=row.result.get("records", []), quality=Quality.SUSPECT)
    months = sorted(set(rows.values_list("year", "month")))
    if months:
        told = ", ".join(f"{m:02d}/{y}" for y, m in months)
        yield _("Records marked suspect: %(months)s. Settle them, then compute again.") % {"months": told}


def _found_above(row: Verification) -> Iterator[str]:
    years = {*range(row.baseline_from.year, row.report_to.year + 1)}
    lang = "en" if get_language() == "en" else "vi"
    for doubt in doubts_about(row.facility, years, reported=True):
        of = doubt.thing
        about = of is not None and (of[0] == Flow.OUTPUT or of[:2] == (Flow.CONSUMPTION, row.resource_id))
        if doubt.is_grave and about:
            yield _("%(what)s Settle it in the records or the annual report of the year first.") % {
                "what": doubt.problem.message(lang)
            }
