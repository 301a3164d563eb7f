"""Compiles every .po file to the .mo that Django reads. Needs babel only, not the gettext programs.

python scripts/compile_messages.py
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src/sachhon"


def compile_all() -> int:
    """Writes the .mo beside each .po where it is missing or older; returns how many were written."""
    written = 0
    for po in sorted(SOURCE.rglob("LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parent.parent.name)
        with mo.open("wb") as target:
            write_mo(target, catalog)
        written += 1
    return written


if __name__ == "__main__":
    print(f"{compile_all()} catalogues compiled")
