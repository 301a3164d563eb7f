"""Typing figures on site, and choosing what to compare with."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, QuickSheet, TypedFigure
from sachhon.apps.assessment.queries.quick_compared import ALL_ENERGY
from sachhon.apps.assessment.queries.quick_figures import KINDS
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.quick_sheet import plain
from sachhon.apps.guidance.queries import benchmarks_of
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Product, Resource


@dataclass(frozen=True)
class Typed:
    """A figure as it was typed; both None takes an earlier one away."""

    thing: Resource | Product
    quantity: Decimal | None
    cost_vnd: int | None = None


@transaction.atomic
def set_figures(
    actor: User, assessment: Assessment, *, version: int, typed: list[Typed], benchmarks: dict[str, str]
) -> QuickSheet:
    """Keeps what was typed, and per kind of resource the benchmark to compare with ("" for none).

    All at once and only on the version that was looked at: figures that belong together are not mixed of two people's.
    """
    stored = locked_for_edit(actor, assessment)
    sheet = QuickSheet.objects.select_for_update().get(assessment=stored)
    if sheet.version != version:
        raise AssessmentError(
            _(
                "Somebody else changed the figures in the meantime. Compare with what stands now, then save again."
            )
        )
    before = _as_now(sheet)
    for one in typed:
        _keep(actor, sheet, one)
    sheet.benchmarks = _pinned(sheet, benchmarks)
    sheet.version += 1
    sheet.save(update_fields=["benchmarks", "version"])
    audit.record(actor, "assessment.figures", stored, before=before, after=_as_now(sheet))
    return sheet


def _keep(actor: User, sheet: QuickSheet, one: Typed) -> None:
    if isinstance(one.thing, Product) and one.thing.facility_id != sheet.assessment.facility_id:
        raise AssessmentError(_("“%(name)s” is not a product of this facility.") % {"name": one.thing})
    of = {"product": one.thing} if isinstance(one.thing, Product) else {"resource": one.thing}
    if one.quantity == 0 and one.cost_vnd:
        raise AssessmentError(
            _("“%(name)s” was paid for, but its quantity is 0: one of the two is wrong.")
            % {"name": one.thing}
        )
    if one.quantity is None and one.cost_vnd is None:
        sheet.typed.filter(**of).delete()
        return
    values = {"quantity": one.quantity, "cost_vnd": one.cost_vnd, "by_name": actor.display_name()}
    TypedFigure.objects.update_or_create(sheet=sheet, **of, defaults=values)


def _pinned(sheet: QuickSheet, chosen: dict[str, str]) -> dict[str, dict]:
    """The chosen benchmarks as they are now; one that was chosen before stays as it was pinned then."""
    known = {b.code: b for b in benchmarks_of(sheet.assessment.facility)}
    pinned = {}
    for kind, code in chosen.items():
        before = sheet.benchmarks.get(kind)
        if kind not in (*KINDS, ALL_ENERGY) or not code:
            continue
        if before and before["code"] == code:
            pinned[kind] = before
        elif code in known and known[code].resource == kind:
            pinned[kind] = plain(known[code])
        else:
            raise AssessmentError(
                _("Nothing of this facility can be compared with the benchmark “%(code)s”: choose another.")
                % {"code": code[:64]}
            )
    return pinned


def _as_now(sheet: QuickSheet) -> dict:
    """Everything typed and chosen, for the history."""
    rows = sheet.typed.select_related("resource", "product")
    return {str(t.resource or t.product): f"{t.quantity} / {t.cost_vnd} VND" for t in rows} | {
        f"benchmark.{kind}": f"{b['code']} v{b['version']}" for kind, b in sheet.benchmarks.items()
    }
