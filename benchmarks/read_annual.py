"""Reading and checking annual report workbooks, beside bare python-calamine and bare openpyxl.

    python benchmarks/read_annual.py [workbooks] [--rounds 3]

Writes that many different reports (1000, or 100 for a smoke test) to a temporary folder and reads the same
files in turn: with bare calamine (every cell of every sheet to Python), with ours (refusals, reading, checking)
in one process and in two, with ours over half the files, and with bare openpyxl in its fast read-only mode over
a tenth. Every job runs in a process of its own, interleaved over the rounds; the best round counts. The clock of
one process starts after the imports, that of two includes starting them. Jobs of one process are compared by
their processor time, which other work on the machine lengthens less than the time on the wall; two processes
only by the wall, so that ratio is worth nothing unless two cores are free. Memory is the sum of the peaks
of the job and of its children.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.memory import PeakMemory

TWO = "ours, two processes"
BARS = {"calamine": 2.0, "openpyxl": 3.0, "memory": 300.0}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("workbooks", nargs="?", type=int, default=1000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--job", nargs=3, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.job:
        name, folder, count = options.job
        paths = sorted(Path(folder).glob("*.xlsx"))[: int(count)]
        read = JOBS[name](paths)
        wall, processor = time.perf_counter(), time.process_time()
        read()
        print(time.perf_counter() - wall, time.process_time() - processor)
        return
    with tempfile.TemporaryDirectory(prefix="sachhon-bench-") as folder:
        started = time.perf_counter()
        write_all(Path(folder), options.workbooks)
        spent = time.perf_counter() - started
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        print(f"{options.workbooks} workbooks, {size:.1f} MB, written in {spent:.1f} s")
        report(Path(folder), options.workbooks, options.rounds)


def report(folder: Path, count: int, rounds: int) -> None:
    tenth = max(count // 10, 1)
    jobs = {
        "calamine": ("calamine", count),
        "ours": ("ours", count),
        TWO: ("ours2", count),
        "ours, half the files": ("ours", count // 2),
        "openpyxl, a tenth": ("openpyxl", tenth),
    }
    wall: dict[str, float] = {}
    processor: dict[str, float] = {}
    memory: dict[str, float] = {}
    for _ in range(rounds):
        for name, (job, files) in jobs.items():
            on_wall, worked, peak = run(job, folder, files)
            wall[name] = min(wall.get(name, on_wall), on_wall)
            processor[name] = min(processor.get(name, worked), worked)
            memory[name] = max(memory.get(name, 0.0), peak)
    busy = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {busy:.1f} at the end")
    print(f"\n{'':<24}{'files':>7}{'wall s':>9}{'processor s':>13}{'ms a file':>11}{'peak MB':>9}")
    for name, (_, files) in jobs.items():
        alone = name != TWO
        a_file = (processor if alone else wall)[name] / files * 1000
        shown = f"{processor[name]:.2f}" if alone else ""
        print(f"{name:<24}{files:>7}{wall[name]:>9.2f}{shown:>13}{a_file:>11.2f}{memory[name]:>9.0f}")
    ours = processor["ours"]
    openpyxl = processor["openpyxl, a tenth"] * count / tenth
    print()
    verdict("ours / calamine, two processes", wall[TWO] / wall["calamine"], BARS["calamine"], below=True)
    verdict("ours / calamine, one process", ours / processor["calamine"], BARS["calamine"], below=True)
    verdict("openpyxl / ours, one process", openpyxl / ours, BARS["openpyxl"], below=False)
    verdict("peak memory, MB", max(memory["ours"], memory[TWO]), BARS["memory"], below=True)
    half = processor["ours, half the files"]
    print(f"{'all files / half the files':<34}{ours / half:>7.2f}   linear is 2")
    print(
        f"{'one process / two processes, wall':<34}{wall['ours'] / wall[TWO]:>7.2f}   all of a second core is 2"
    )


def verdict(name: str, value: float, bar: float, *, below: bool) -> None:
    met = value <= bar if below else value >= bar
    print(
        f"{name:<34}{value:>7.2f}   {'at most' if below else 'at least'} {bar:g}: {'met' if met else 'NOT met'}"
    )


def run(job: str, folder: Path, count: int) -> tuple[float, float, float]:
    """Seconds on the wall and of the processor, and peak megabytes, of one job in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--job", job, str(folder), str(count)], stdout=subprocess.PIPE, text=True
    )
    memory = PeakMemory(process.pid)
    output, _ = process.communicate()
    peak_mb = memory.mb()
    if process.returncode:
        raise SystemExit(f"the job {job} failed")
    on_wall, processor = map(float, output.split())
    return on_wall, processor, peak_mb


def ours(paths: list[Path], workers: int = 1) -> Callable[[], None]:
    from sachhon.workbooks.annual.many import read_many

    def read() -> None:
        read = sum(outcome.report is not None for outcome in read_many(paths, workers))
        if read != len(paths):
            raise SystemExit(f"only {read} of {len(paths)} were read")

    return read


def calamine(paths: list[Path]) -> Callable[[], None]:
    from python_calamine import CalamineWorkbook

    def read() -> None:
        for path in paths:
            book = CalamineWorkbook.from_path(path)
            for index in range(len(book.sheet_names)):
                book.get_sheet_by_index(index).to_python()

    return read


def openpyxl(paths: list[Path]) -> Callable[[], None]:
    from openpyxl import load_workbook

    def read() -> None:
        for path in paths:
            for sheet in load_workbook(path, read_only=True, data_only=True):
                for _ in sheet.iter_rows(values_only=True):
                    pass

    return read


JOBS: dict[str, Callable[[list[Path]], Callable[[], None]]] = {
    "ours": ours,
    "ours2": lambda paths: ours(paths, 2),
    "calamine": calamine,
    "openpyxl": openpyxl,
}


def write_all(folder: Path, count: int) -> None:
    with ProcessPoolExecutor() as pool:
        list(pool.map(write_one, [folder] * count, range(count), chunksize=10))


def write_one(folder: Path, number: int) -> None:
    """A report of its own: names, lines, figures and solutions differ from file to file."""
    from sachhon.reference import option_groups, resources, trades
    from sachhon.workbooks.annual.model import AnnualReportData, ReportLine, ReportSaving, ReportSolution
    from sachhon.workbooks.annual.template import write_template

    chance = random.Random(number)
    trade = chance.choice(trades())
    known = {resource.code: resource for resource in resources()}

    def line(flow, name: str, unit: str, code: str | None) -> ReportLine:
        size = 10 ** chance.randint(0, 5)
        months = tuple(Decimal(chance.randint(size, 10 * size)) / chance.choice((1, 10)) for _ in range(12))
        cost = chance.randint(10**6, 10**10) if flow == "consumption" else None
        estimated = frozenset({11, 12}) if chance.random() < 0.3 else frozenset()
        source = chance.choice(("meter", "invoice", None))
        return ReportLine(flow, name, unit, code, months, estimated, sum(months, Decimal(0)), cost, source)

    products = [
        line("output", f"{trade.product_vi} loại {each + 1} của cơ sở {number}", trade.product_unit, None)
        for each in range(chance.randint(1, 3))
    ]
    used = [known[code] for code in trade.resources]
    others = [
        line(_flow(each.kind), f"{each.name_vi} (kho {chance.randint(1, 9)})", each.unit, each.code)
        for each in used
    ]
    solutions = tuple(
        ReportSolution(
            f"Giải pháp {each + 1} của cơ sở {number}",
            chance.choice(option_groups()).code,
            investment_vnd=chance.randint(1, 900) * 10**6,
            savings=(ReportSaving("electricity", Decimal(chance.randint(100, 90_000)), "kWh"),),
            state="done",
        )
        for each in range(chance.randint(0, 4))
    )
    report = AnnualReportData(
        year=2025,
        facility_name=f"Cơ sở {trade.name_vi} số {number}",
        facility_code=f"LS-{number:04}",
        trade=trade.name_vi,
        address=f"Thôn {number % 37 + 1}, xã số {number % 65}",
        employees=chance.randint(3, 400),
        revenue_vnd=chance.randint(10**9, 10**11),
        cp_aware="yes",
        cp_applying=chance.choice(("yes", "no")),
        lines=(*products, *others),
        solutions=solutions,
        difficulties=("Thiếu vốn để thay thiết bị cũ",) if chance.random() < 0.5 else (),
        signer_name=f"Người ký {number}",
    )
    (folder / f"{number:05}.xlsx").write_bytes(write_template(report, lines=report.lines))


def _flow(kind: str) -> str:
    return kind if kind in ("waste", "emission") else "consumption"


if __name__ == "__main__":
    main()
