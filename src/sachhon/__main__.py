"""The `sachhon` command, and `python -m sachhon`; tells what to install where only the science is."""

from __future__ import annotations

import importlib.util
import sys

NEEDED = ("typer", "django")
NOTICE = """\
Chỉ mới cài phần khoa học (`import sachhon.science`). Lệnh sachhon và trang web cần thêm các gói của trang:
Only the science is installed (`import sachhon.science`). The command and the site need the site's packages:

    {python} -m pip install "sachhon[site]"
"""


def main() -> None:
    """Entry point. Exit code 2 where the packages of the extra `site` are not installed."""
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        sys.stderr.write(NOTICE.format(python=sys.executable))
        sys.exit(2)
    from sachhon.cli import main as run

    run()


if __name__ == "__main__":
    main()
