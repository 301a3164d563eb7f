"""Compiles the translations (.po → .mo): for the wheel as a build hook, for a clone by `python hatch_build.py`.

Babel does it, so that no gettext tools need to be on the machine.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent


def compile_messages(source: Path) -> int:
    """Compiles every .po below `source`; returns how many."""
    files = sorted(source.rglob("*.po"))
    for po in files:
        with po.open("rb") as handle:
            catalogue = read_po(handle, locale=po.parts[-3])
        with po.with_suffix(".mo").open("wb") as handle:
            write_mo(handle, catalogue)
    return len(files)


class CustomBuildHook(BuildHookInterface):
    """Called by hatchling before the wheel is packed."""

    def initialize(self, version, build_data):
        compile_messages(Path(self.root) / "src")


if __name__ == "__main__":
    compile_messages(ROOT / "src")
