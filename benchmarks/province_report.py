"""The province's report from the store to the .docx, against pandas and the plain ORM in the same run.

    python benchmarks/province_report.py                     a fifth of it, about a minute
    python benchmarks/province_report.py --facilities 10000  10,000 facilities × 5 years × 12 months × 8 resources

Each way runs in a process of its own with its libraries loaded; the time is from there on, the memory is
the sum of its peak and of the peaks of the processes it starts, whose CPU is counted too. All ways must
come to the same figures (to 1e-9), else the benchmark fails.

first            Sạch Hơn, nothing published yet: judge, publish, roll up, compute targets, write the .docx
again            the same after a record of the last year changed: only that year's records are read again
report           from the published snapshot: roll up, compute targets, write the .docx
pandas           the store read into data frames; part of the figures and no document, as all peers
orm_sql          the ORM with the sums left to the database, values().annotate(Sum())
orm_objects      the plain ORM: rows as objects, added up in Python
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.memory import PeakMemory  # noqa: E402

WAYS = ("first", "again", "report", "pandas", "orm_sql", "orm_objects")
OURS = ("first", "again", "report")
PEERS = ("pandas", "orm_sql", "orm_objects")
FULL = 10_000
TIMES_ORM = 10
MOST_MB = 1024


def main() -> int:
    arguments = parse()
    if arguments.way:
        print(json.dumps(measure(arguments)))
        return 0
    with tempfile.TemporaryDirectory(prefix="province-") as folder:
        home = Path(arguments.home or folder)
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "store.sqlite3").exists():
            started = time.perf_counter()
            run("fill", home, arguments)
            print(f"store filled in {time.perf_counter() - started:.0f} s (not measured)", flush=True)
        results = {}
        for way in WAYS:
            results[way] = run(way, home, arguments)
            print(
                "{0:12} {seconds:8.2f} s {cpu:8.2f} s of CPU {mb:6.0f} MB".format(way, **results[way]),
                flush=True,
            )
    return judge(results, arguments.facilities >= FULL)


def judge(results: dict, full: bool) -> int:
    """Compare figures, print the ratios; 1 when a figure differs, or at full size a bound is missed."""
    failed = False
    ours = results["again"]["figures"]
    for peer in PEERS:
        theirs = results[peer]["figures"]
        wrong = sorted(
            name
            for name in ours.keys() | theirs.keys()
            if not math.isclose(
                ours.get(name, math.nan), theirs.get(name, math.nan), rel_tol=1e-9, abs_tol=1e-9
            )
        )
        if wrong:
            failed = True
            shown = wrong[0]
            print(
                f"{peer}: {len(wrong)} figures differ, first {shown}: {ours.get(shown)} {theirs.get(shown)}"
            )
    print(f"{len(ours)} figures equal in all ways" if not failed else "the ways do not agree")
    print("times as long (CPU time)          report          again          first")
    for peer in PEERS:
        theirs = results[peer]
        ratios = [
            f"{theirs['seconds'] / mine['seconds']:6.1f} ({theirs['cpu'] / mine['cpu']:5.1f})"
            for mine in (results["report"], results["again"], results["first"])
        ]
        print(f"{peer:26}", "  ".join(ratios))
    most = max(results[way]["mb"] for way in OURS)
    print(f"peak memory {most:.0f} MB (at most {MOST_MB}); pandas {results['pandas']['mb']:.0f} MB")
    if full:
        # The bound is for all of it, from the operational store to the document: a published snapshot is a help.
        times = results["orm_objects"]["seconds"] / results["first"]["seconds"]
        kept = times >= TIMES_ORM and most <= MOST_MB
        print(
            f"from the store: {times:.1f} × the plain ORM, at least {TIMES_ORM}; {'met' if kept else 'NOT met'}"
        )
        failed = failed or not kept
    if not full:
        print(f"the bounds (at least {TIMES_ORM} × the plain ORM) are for --facilities {FULL}")
    return int(failed)


def run(way: str, home: Path, arguments: argparse.Namespace) -> dict:
    command = [sys.executable, __file__, "--way", way, "--home", str(home)]
    command += ["--facilities", str(arguments.facilities), "--years", str(arguments.years)]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sachhon.site.settings",
        "SACHHON_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'store.sqlite3'}",
    }
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        memory = PeakMemory(process.pid)
        output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{way} ended with {process.returncode}")
    return {**json.loads(output.splitlines()[-1]), "mb": memory.mb()}


def measure(arguments: argparse.Namespace) -> dict:
    """Run one way in this process."""
    import django

    django.setup()
    home, years = Path(arguments.home), arguments.years
    load(arguments.way)
    started, started_cpu = time.perf_counter(), cpu()
    result: dict = {}
    if arguments.way == "fill":
        from benchmarks.province.store import fill

        fill(arguments.facilities, years)
    elif arguments.way in OURS:
        from benchmarks.province import ours

        write = ours.report_from_snapshot if arguments.way == "report" else ours.report_from_store
        result["docx_bytes"] = write(home / "report.docx")
    else:
        from benchmarks.province import peers

        result["figures"] = getattr(peers, f"with_{arguments.way}")(years)
    result["seconds"] = time.perf_counter() - started
    result["cpu"] = cpu() - started_cpu
    if arguments.way in OURS:
        result["figures"] = ours.figures()
    return result


def cpu() -> float:
    """Seconds of CPU of this process and of those it started and waited for."""
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def load(way: str) -> None:
    """Bring in what a way needs before its clock starts, as a running worker has it."""
    ours = ["pyarrow.parquet", "ibis.backends.duckdb", "scipy.special", "benchmarks.province.ours"]
    peers = ["benchmarks.province.peers"]
    for module in [*(ours if way in OURS else peers), *(["pandas"] if way == "pandas" else [])]:
        importlib.import_module(module)
    if way in OURS:
        # At its first array pyarrow looks for pandas, which is here for the peers alone: a worker has none.
        importlib.import_module("pyarrow").array([0])
    if way == "again":
        from benchmarks.province.ours import change_last_year

        change_last_year()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--facilities", type=int, default=2000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument(
        "--home", help="folder for the store, kept and used again (empty it after a migration)"
    )
    parser.add_argument("--way", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
