"""Says which words of the pages have no Vietnamese yet. Ends with 1 when there are any.

    python scripts/check_translations.py

Source strings are English, in Python and in templates; each must have a finished entry in one of the .po files
of the rooms or of the site. An entry must keep the placeholders of its source, and two rooms must not translate
the same words differently: Django merges their files, and one of the two would win by chance.
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (ROOT / "src/sachhon/apps", ROOT / "src/sachhon/site")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")

Key = tuple[str | None, str]  # context, source


@dataclass(frozen=True)
class Use:
    """Where a source string stands."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def problems() -> list[str]:
    """One line a missing, unfinished, contradictory or broken translation."""
    known: dict[Key, tuple[Path, Message]] = {}
    found = []
    for path in catalogs():
        for message in read(path):
            key = (message.context, sources_of(message)[0])
            if not key[1]:
                continue
            where = path.relative_to(ROOT)
            if message.fuzzy or not all(texts(message)):
                found.append(f"{where}: unfinished: {key[1]!r}")
                continue
            if any(placeholders(text) - placeholders(*sources_of(message)) for text in texts(message)):
                found.append(f"{where}: unknown placeholder in the translation of {key[1]!r}")
            other = known.get(key)
            if other and texts(other[1]) != texts(message):
                first = other[0].relative_to(ROOT)
                found.append(f"{where}: {key[1]!r} is translated differently in {first}")
            known[key] = (path, message)
    found += [f"{use}: no Vietnamese for {key[1]!r}" for key, use in uses() if key not in known]
    return found


def catalogs() -> list[Path]:
    """The Vietnamese files of every room and of the site."""
    return sorted(path for source in SOURCES for path in source.rglob("locale/vi/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as handle:
        return read_po(handle, locale="vi", abort_invalid=True)


def uses() -> Iterator[tuple[Key, Use]]:
    """Every source string once, with the first place where it stands."""
    seen = set()
    for source in SOURCES:
        for path in sorted(
            [*source.rglob("*.py"), *source.rglob("templates/**/*.html"), *source.rglob("*.txt")]
        ):
            for line, words, _comments, context in extract("python", io.BytesIO(code_of(path)), KEYWORDS):
                text = words if isinstance(words, str) else words[0]
                key = (context, text)
                if text and key not in seen:
                    seen.add(key)
                    yield key, Use(path, line)


def code_of(path: Path) -> bytes:
    """Python as it is; a template as the calls of gettext in it, on their lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    return text.encode()


def sources_of(message: Message) -> tuple[str, ...]:
    """The source string; of a counted one the singular and the plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(*strings: str) -> set[str]:
    return {a or b for text in strings for a, b in PLACEHOLDER.findall(text)}


def main() -> int:
    settings.configure()
    django.setup()
    found = problems()
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(found)} translation problems" if found else "every word has its Vietnamese")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
