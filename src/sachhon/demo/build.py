"""Builds the demo province, step by step. Every step does only what is not done yet, so that breaking off and
running again costs nothing but the step that was cut.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Exists, OuterRef

from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services.receiving import import_paths
from sachhon.apps.intake.services.running import run_left
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.services.catalogue import sync_reference
from sachhon.apps.reporting.models import AnnualReport, Finding, ReportState
from sachhon.apps.reporting.services import plausibility, savings, workflow
from sachhon.demo import cases, detailed, people, quick
from sachhon.demo.broken import write_broken
from sachhon.demo.reports import Sent, reports
from sachhon.demo.workbooks import write_all
from sachhon.demo.world import DemoFacility, make_world

SEED = 93  # of Plan 93/KH-UBND


@dataclass(frozen=True)
class Scale:
    """How large the demo is, and which years it has; the running year's reports are coming in."""

    facilities: int = 300
    ended_years: int = 5
    running_year: int = 2026

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(self.running_year - self.ended_years, self.running_year + 1))

    @property
    def last_ended(self) -> int:
        return self.running_year - 1


class Progress:
    """One line a step; a counter in it where somebody is watching."""

    def __init__(self, stream=sys.stdout):
        self.stream = stream
        self.live = stream.isatty()

    @contextmanager
    def step(self, title: str, total: int = 0) -> Iterator[Callable[[], None]]:
        """Prints the step's title, its counter while it runs, and how long it took."""
        started, done = time.monotonic(), 0

        def tick() -> None:
            nonlocal done
            done += 1
            if self.live and (done % 10 == 0 or done == total):
                self.stream.write(f"\r· {title}… {done}/{total}")
                self.stream.flush()

        if not self.live:
            self.stream.write(f"· {title}…\n")
            self.stream.flush()
        yield tick
        seconds = time.monotonic() - started
        self.stream.write(f"{chr(13) if self.live else ''}· {title}: xong / done ({seconds:.1f} s)\n")
        self.stream.flush()


def build(scale: Scale, progress: Progress) -> dict[str, User]:
    """Makes the demo province as far as it is not there yet; returns the accounts by role."""
    with progress.step("Chuẩn bị cơ sở dữ liệu / preparing the database"):
        call_command("migrate", verbosity=0)
        sync_reference()
        accounts = people.make_accounts()
    world = make_world(scale.facilities, scale.years, SEED)
    sent = list(reports(world, scale.years, scale.running_year, SEED))
    with progress.step("Cơ sở / facilities", len(world)) as tick:
        facilities = people.make_facilities(world, accounts["centre"], tick)
    folder = workbook_folder()
    with progress.step("Viết sổ báo cáo / writing the workbooks", len(sent)) as tick:
        write_all(sent, folder, tick)
    this_year = {s.facility.code for s in sent if s.year == scale.running_year}
    owing = [f for f in world if f.code not in this_year]
    write_broken(owing[-5:], scale.running_year, folder / f"{scale.running_year}-can-xem-lai")
    _import_all(accounts["centre"], folder, progress)
    _review(accounts["department"], scale, progress)
    accounts["factory"] = _people_at_work(owing, sent, facilities, accounts, scale)
    published = list(cases.cases())
    with progress.step("Dựng lại các ca đánh giá đã công bố / published assessments", len(published)) as tick:
        for case in published:
            cases.load(case, accounts["centre"], accounts["expert"], people.PROVINCE)
            tick()
    own = Facility.objects.get(enterprise=accounts["factory"].organisation_id)
    walked = list(quick.placed(quick.quick_cases(), facilities, own, scale.last_ended))
    with progress.step("Đánh giá nhanh / quick assessments", len(walked)) as tick:
        for case, facility in walked:
            quick.load(case, facility, accounts, dt.date(scale.running_year, 12, 1))
            tick()
    with progress.step("Một đánh giá chi tiết / a detailed assessment", 1) as tick:
        case = detailed.detailed_case()
        detailed.load(case, facilities.values(), accounts, scale.years[0], scale.last_ended)
        tick()
    return accounts


def workbook_folder() -> Path:
    """Where the demo's workbooks lie."""
    return Path(settings.HOME) / "so-bao-cao"


def _import_all(officer: User, folder: Path, progress: Progress) -> None:
    """Reads the folders, a year at a time, through the real importer; files taken in before are left out.

    Savings are computed once for all years at the end; a mark in the data folder says that this was done.
    """
    computed = Path(settings.HOME) / "savings-computed"
    with ExitStack() as waiting:
        waiting.enter_context(savings.postponed())
        if ImportFile.objects.filter(state=ImportFile.State.WAITING).exists():
            computed.unlink(missing_ok=True)
            with progress.step("Đọc nốt các sổ còn dở / going on with the workbooks that wait"):
                run_left()
        for folder_of_year in sorted(p for p in folder.iterdir() if p.is_dir()):
            known = set(ImportFile.objects.values_list("name", flat=True))
            paths = [p for p in sorted(folder_of_year.iterdir()) if p.name not in known]
            if not paths:
                continue
            computed.unlink(missing_ok=True)
            name = folder_of_year.name
            with progress.step(f"Đọc sổ {name} / reading the workbooks of {name}", len(paths)) as tick:
                import_paths(officer, paths, lambda _done, _total, _file, tick=tick: tick())
        if computed.exists():
            return
        for facility, year in AnnualReport.objects.values_list("facility", "year"):
            savings.recompute_later(facility, year)
        with progress.step("Tính mức tiết kiệm / computing the savings"):
            waiting.close()
    computed.touch()


def _review(officer: User, scale: Scale, progress: Progress) -> None:
    """An officer goes through the ended years: slips are corrected, doubts explained, reports accepted."""
    waiting = AnnualReport.objects.filter(year__lte=scale.last_ended, state=ReportState.SUBMITTED)
    # In the last ended year some doubtful reports stay open, as they would in a real office.
    doubtful = Finding.objects.filter(report=OuterRef("pk"), state=Finding.State.OPEN, level="error")
    left = waiting.filter(Exists(doubtful), year=scale.last_ended).values_list("pk", flat=True)[:6]
    todo = list(waiting.exclude(pk__in=list(left)).select_related("facility"))
    if not todo:
        return
    now = dt.datetime.now(dt.UTC)
    with progress.step("Duyệt báo cáo / reviewing the reports", len(todo)) as tick, savings.postponed():
        for report in todo:
            _settle_doubts(officer, report, now)
            workflow.many(officer, "accept", [report], now=now)
            tick()


def _settle_doubts(officer: User, report: AnnualReport, now: dt.datetime) -> None:
    """Takes the correction offered where a slip was recognised, and explains the grave doubts that stay."""
    doubts = report.findings.filter(state=Finding.State.OPEN, level="error")
    tried: set[str] = set()
    # A correction runs the rules anew: what it settles is gone, what it shows is there.
    while slip := next(
        (f for f in doubts.all() if f.params.get("factor") and f.line_id and f.key not in tried), None
    ):
        tried.add(slip.key)
        plausibility.apply_suggestion(officer, slip, now=now)
    for finding in doubts.all():
        plausibility.explain(officer, finding, "Đã đối chiếu hóa đơn, số liệu đúng.", now=now)


def _people_at_work(
    owing: list[DemoFacility],
    sent: list[Sent],
    facilities: dict[str, Facility],
    accounts: dict[str, User],
    scale: Scale,
) -> User:
    """A factory that still owes this year's report gets an account; the expert gets some factories."""
    regular = {s.facility.code for s in sent if s.year == scale.last_ended}
    typical = [
        f for f in owing if f.code in regular and f.trade == "brick" and f.adopted and f.employees > 10
    ]
    mine = facilities[(typical or owing)[0].code]
    brickworks = [f for f in facilities.values() if f.trade_id == mine.trade_id][:4]
    people.assign_expert(accounts["centre"], accounts["expert"], [mine, *brickworks])
    return people.make_factory_account(mine)
