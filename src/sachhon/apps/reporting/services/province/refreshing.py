"""The province's figures, computed anew: judge → publish → roll up → results and figures → what pages show.

`refresh` does it now; `refresh_later` asks for it once, however many changes ask. Pages read `ProvinceRollup`.
"""

import datetime
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from sachhon import __version__
from sachhon.apps.people.access import require
from sachhon.apps.programme.services import sectors, targets
from sachhon.apps.programme.services.judging import judge_many
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.facts import ProvinceFacts, warehouse_root
from sachhon.apps.reporting.models import AnnualReport, ProvinceRollup
from sachhon.apps.reporting.services.province import figures
from sachhon.apps.reporting.services.province.composing import compose
from sachhon.apps.reporting.services.province.rolling import roll
from sachhon.documents.snapshot import to_json
from sachhon.warehouse.publish import open_snapshot

STEPS = ("judge", "publish", "roll_up", "targets", "compose")
SHOWN = "reporting.province.view"
MEMORY = "400MB"
_USUAL_THRESHOLD = gc.get_threshold()
PATIENCE = datetime.timedelta(seconds=20)  # so that an officer's twenty acceptances make one computation


def refresh(actor, province: str, year: int, today: datetime.date) -> ProvinceRollup:
    """Computes everything the province says of `year`, as of `today`; `actor` None is the system itself."""
    if actor is not None:
        require(actor, SHOWN)
    row, _made = ProvinceRollup.objects.get_or_create(province_code=province, year=year)
    began = timezone.now()
    _at(row, 0, state=ProvinceRollup.State.RUNNING, queued=False, error="")
    try:
        with _garbage_sought_seldom():
            return _refresh(row, today, began)
    except Exception as error:
        _at(row, 0, state=ProvinceRollup.State.FAILED, error=str(error)[:512])
        raise


def refresh_later(province: str, year: int) -> None:
    """Asks for a refresh after this transaction, because facts changed; many changes in a row make one."""
    row, _made = ProvinceRollup.objects.get_or_create(province_code=province, year=year)
    ProvinceRollup.objects.filter(pk=row.pk).update(changed_at=timezone.now())
    if ProvinceRollup.objects.filter(pk=row.pk, queued=False).update(queued=True):
        transaction.on_commit(lambda: _enqueue(row.pk, PATIENCE))


@transaction.atomic
def ask_refresh(actor, province: str, year: int) -> ProvinceRollup:
    """A person wants the figures computed now; the worker takes it up at once."""
    require(actor, SHOWN)
    row, _made = ProvinceRollup.objects.get_or_create(province_code=province, year=year)
    ProvinceRollup.objects.filter(pk=row.pk).update(queued=True)
    transaction.on_commit(lambda: _enqueue(row.pk, datetime.timedelta(0)))
    return row


def run_queued(rollup: int) -> None:
    """What the worker does: takes the wish, then computes. A change that comes meanwhile is a new wish."""
    if ProvinceRollup.objects.filter(pk=rollup, queued=True).update(queued=False):
        row = ProvinceRollup.objects.get(pk=rollup)
        refresh(None, row.province_code, row.year, localdate())


def on_report_moved(sender, report: AnnualReport, **kwargs) -> None:
    """Receiver of the room's own signal: a report was sent, given back, accepted or recalled."""
    refresh_later(report.facility.province_code, report.year)


def on_records_changed(sender, facility: Facility, years: list[int], **kwargs) -> None:
    """Receiver of the registry's signal: the figures shown are older than the records now.

    Later years too: they show the years before, and savings against them.
    """
    later = ProvinceRollup.objects.filter(province_code=facility.province_code, year__gte=min(years))
    later.update(changed_at=timezone.now())


def on_saving_judged(sender, facility: Facility, years: list[int], **kwargs) -> None:
    """Receiver of the assessment's signal: what was verified is no longer, or now is; the figures are computed anew."""
    _refresh_from(facility.province_code, min(years))


def on_record_doubt_settled(sender, facility: Facility, year: int, **kwargs) -> None:
    """Receiver of the room's own signal: the records of a year count from now on."""
    _refresh_from(facility.province_code, year)


def on_costs_closed(sender, facility: Facility, **kwargs) -> None:
    """Receiver of the registry's signal: every year's sums leave out other money than before."""
    _refresh_from(facility.province_code, 0)


def _refresh_from(province: str, first: int) -> None:
    later = ProvinceRollup.objects.filter(province_code=province, year__gte=first)
    for year in later.values_list("year", flat=True):
        refresh_later(province, year)


def _enqueue(rollup: int, wait: datetime.timedelta) -> None:
    from sachhon.apps.reporting.province_tasks import refresh_province

    task = refresh_province
    if wait and task.get_backend().supports_defer:
        task = task.using(run_after=timezone.now() + wait)
    task.enqueue(rollup)


def _refresh(row: ProvinceRollup, today: datetime.date, began: datetime.datetime) -> ProvinceRollup:
    province, year = row.province_code, row.year
    source = ProvinceFacts(province, year, today)

    def judge() -> None:
        judge_many([f.pk for f in source.facilities], year, source.evidence())
        _at(row, 1)

    snapshot = source.publish(judge=judge)
    _at(row, 2)
    with open_snapshot(warehouse_root(province), memory_limit=MEMORY) as warehouse:
        rolled = roll(warehouse, source)
        _at(row, 3)
        results = targets.compute(warehouse, province, year)
        by_sector = sectors.compute(warehouse, province, year)
    _at(row, 4)
    with transaction.atomic():
        kept = figures.keep(rolled, source)
        everything = [*targets.figures_of(province, year), *sectors.figures_of(province, year), *kept]
        data = {lang: to_json(compose(rolled, results, everything, lang, by_sector)) for lang in ("vi", "en")}
        _at(
            row,
            len(STEPS),
            state=ProvinceRollup.State.DONE,
            computed_at=began,
            snapshot=snapshot.id,
            code_version=__version__,
            data_vi=data["vi"],
            data_en=data["en"],
        )
    return row


@contextmanager
def _garbage_sought_seldom() -> Iterator[None]:
    """Hundreds of thousands of rows live through the computation: going through them for cycles at every
    700 new ones, as the interpreter does by itself, takes an eighth of the time and finds none."""
    gc.set_threshold(100_000, *_USUAL_THRESHOLD[1:])
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL_THRESHOLD)


def _at(row: ProvinceRollup, step: int, **fields) -> None:
    """Notes how far the work is, where a waiting page can read it."""
    ProvinceRollup.objects.filter(pk=row.pk).update(step=step, **fields)
    row.step = step
    for name, value in fields.items():
        setattr(row, name, value)
