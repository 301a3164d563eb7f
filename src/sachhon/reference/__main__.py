"""`python -m sachhon.reference show CODE --on DATE`: print a fact with its source."""

import argparse
import sys
from datetime import date

from .describe import describe
from .facts import FactNotFound, tables


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sachhon.reference", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="one fact, as toe.diesel or areas.06037")
    show.add_argument("code")
    show.add_argument("--on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    show.add_argument("--lang", choices=("vi", "en"), default="vi")
    commands.add_parser("tables", help="the names of the tables")
    options = parser.parse_args(argv)
    if options.command == "tables":
        sys.stdout.write("\n".join(tables()) + "\n")
        return 0
    try:
        sys.stdout.write(describe(options.code, options.on, options.lang) + "\n")
    except FactNotFound as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
