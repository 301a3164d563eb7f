"""`sachhon demo`: builds the province, issues the report of the last ended year, prints where everything is, serves."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

OUTPUT = Path("build")


def run_demo(*, port: int, facilities: int, serve: bool) -> None:
    """Everything `make demo` does. Ctrl-C ends it; run again, it goes on where it was."""
    # A demo never touches real data: a folder of its own, and plain http on this machine alone.
    os.environ.setdefault("SACHHON_HOME", "var/demo")
    os.environ["SACHHON_DEMO"] = "1"
    os.environ["SACHHON_HTTPS"] = "0"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sachhon.site.settings")
    import django

    django.setup()
    try:
        _build_and_report(facilities)
    except KeyboardInterrupt:
        sys.stdout.write(
            "\nĐã dừng; chạy lại make demo để làm tiếp. / Stopped; run make demo again to go on.\n"
        )
        raise SystemExit(130) from None
    if serve:
        _serve(port)


def _build_and_report(facilities: int) -> None:
    from django.utils.timezone import localdate

    from sachhon.apps.people import demo
    from sachhon.demo.build import Progress, Scale, build, workbook_folder
    from sachhon.demo.issue import issue_reports, targets_table

    scale = Scale(facilities=facilities, running_year=_running_year(localdate()))
    progress = Progress()
    accounts = build(scale, progress)
    files = issue_reports(accounts["department"], scale, OUTPUT, progress)
    say = sys.stdout.write
    say(
        f"\nDỮ LIỆU TRÌNH DIỄN – không phải số liệu thật / DEMO DATA – not real figures\n\n{targets_table(scale)}\n"
    )
    say("Báo cáo của tỉnh / the province's report:\n" + "".join(f"  {path}\n" for path in files))
    say(f"Sổ báo cáo của các cơ sở / the factories' workbooks:\n  {workbook_folder()}\n")
    names = ", ".join(accounts)
    say(f"Đăng nhập / log in: {names}\n  mật khẩu / password: {demo.PASSWORD}\n\n")


def _running_year(today: dt.date) -> int:
    """The year whose reports are coming in, so that the demo always has something due."""
    return today.year


def _serve(port: int) -> None:
    """The site and the worker as processes of their own, ended together.

    Not in this process: it has drawn charts, and the drawing library's threads do not survive the fork by which
    the server starts its workers.
    """
    commands = (["worker"], ["serve", "--port", str(port)])
    children = [
        subprocess.Popen([sys.executable, "-m", "sachhon", *command], start_new_session=True)  # noqa: S603 - our own command
        for command in commands
    ]
    sys.stdout.write(f"http://127.0.0.1:{port}/  (Ctrl-C để dừng / to stop)\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        children[-1].wait()
    except KeyboardInterrupt:
        sys.stdout.write("\nĐang dừng… / stopping…\n")
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
