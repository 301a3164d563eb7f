"""Brings the browser's files of other makers into the tree, or checks that they are the ones brought in.

    python scripts/vendor.py            verify every file against its SHA-256 (no network)
    python scripts/vendor.py --fetch    fetch the versions below from npm (`npm pack`) and write them anew

Only what a page uses is kept: one script, one style sheet, one font in three subsets, one sprite of icons
(scripts/icons.txt), the canvas of the flow-sheet, and for the browser tests the accessibility checker. Pages refer
to no other host.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "src/sachhon/site/static/vendor"
TESTS = ROOT / "tests/e2e/vendor"
ICONS = ROOT / "scripts/icons.txt"

SUBSETS = ("vietnamese", "latin-ext", "latin")
WEIGHTS = (400, 500, 600, 700)
# Chromium and the manifest storage look for source maps, which are not shipped.
SOURCE_MAP = re.compile(rb"\s*(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


@dataclass(frozen=True)
class Package:
    """One npm package: where its files go, and under which licence they stand."""

    name: str
    version: str
    target: Path
    licence: str

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.version}"


HTMX = Package("htmx.org", "2.0.11", SITE / "htmx", "0BSD")
TABLER = Package("@tabler/core", "1.6.1", SITE / "tabler", "MIT")
TABLER_ICONS = Package("@tabler/icons", "3.52.0", SITE / "icons", "MIT")
FONT = Package("@fontsource/be-vietnam-pro", "5.3.0", SITE / "font", "OFL-1.1")
CYTOSCAPE = Package("cytoscape", "3.35.0", SITE / "cytoscape", "MIT")
AXE = Package("axe-core", "4.14.1", TESTS / "axe", "MPL-2.0")
PACKAGES = (HTMX, TABLER, TABLER_ICONS, FONT, CYTOSCAPE, AXE)


def fetch() -> None:
    """Writes every vendored file and the two manifests."""
    manifests: dict[Path, list[dict]] = {SITE: [], TESTS: []}
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            source = _unpack(package, Path(folder))
            files = dict(_files(package, source))
            package.target.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (package.target / name).write_bytes(content)
            base = SITE if package.target.is_relative_to(SITE) else TESTS
            manifests[base].append(
                {
                    "package": package.name,
                    "version": package.version,
                    "licence": package.licence,
                    "files": {
                        f"{package.target.name}/{name}": hashlib.sha256(content).hexdigest()
                        for name, content in sorted(files.items())
                    },
                }
            )
            print(f"{package.spec}: {len(files)} files")
    for base, entries in manifests.items():
        text = json.dumps({"packages": entries}, indent=2, ensure_ascii=False)
        (base / "MANIFEST.json").write_text(text + "\n", encoding="utf-8")


def problems() -> list[str]:
    """What differs from the manifests: changed, missing and unlisted files; icons asked for but not there."""
    found = []
    for base in (SITE, TESTS):
        manifest = json.loads((base / "MANIFEST.json").read_text(encoding="utf-8"))
        listed = {name: sha for entry in manifest["packages"] for name, sha in entry["files"].items()}
        present = {
            path.relative_to(base).as_posix()
            for path in base.rglob("*")
            if path.is_file() and path.name != "MANIFEST.json"
        }
        found += [f"{base.name}/{name} is missing" for name in sorted(listed.keys() - present)]
        found += [f"{base.name}/{name} is not in MANIFEST.json" for name in sorted(present - listed.keys())]
        found += [
            f"{base.name}/{name} was changed"
            for name in sorted(listed.keys() & present)
            if hashlib.sha256((base / name).read_bytes()).hexdigest() != listed[name]
        ]
    sprite = (TABLER_ICONS.target / "sprite.svg").read_text(encoding="utf-8")
    found += [f"icon {name} is not in the sprite" for name in icon_names() if f'id="{name}"' not in sprite]
    return found


def icon_names() -> list[str]:
    """The icons of scripts/icons.txt."""
    lines = ICONS.read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def _unpack(package: Package, folder: Path) -> Path:
    """Downloads the package's archive and returns its unpacked root."""
    run = ["npm", "pack", package.spec, "--silent", "--pack-destination", str(folder)]
    archive = subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]
    target = folder / package.name.replace("/", "-")
    with tarfile.open(folder / archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def _files(package: Package, source: Path) -> Iterator[tuple[str, bytes]]:
    """The files to keep of a package, by their name in the target folder."""
    if package is HTMX:
        yield "htmx.min.js", _without_map(source / "dist/htmx.min.js")
        yield "LICENSE", (source / "LICENSE").read_bytes()
    elif package is TABLER:
        css = _without_map(source / "dist/css/tabler.min.css")
        yield "tabler.min.css", css
        yield "LICENSE", _mit(css)
    elif package is TABLER_ICONS:
        yield "sprite.svg", _sprite(source / "icons/outline")
        yield "LICENSE", (source / "LICENSE").read_bytes()
    elif package is FONT:
        yield "font.css", _font_css(source)
        for subset in SUBSETS:
            for weight in WEIGHTS:
                name = f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
                yield name, (source / "files" / name).read_bytes()
        yield "LICENSE", (source / "LICENSE").read_bytes()
    elif package is CYTOSCAPE:
        yield "cytoscape.min.js", _without_map(source / "dist/cytoscape.min.js")
        yield "LICENSE", (source / "LICENSE").read_bytes()
    elif package is AXE:
        yield "axe.min.js", _without_map(source / "axe.min.js")
        yield "LICENSE", (source / "LICENSE").read_bytes()


def _without_map(path: Path) -> bytes:
    return SOURCE_MAP.sub(b"\n", path.read_bytes())


def _sprite(folder: Path) -> bytes:
    """One SVG with a symbol an icon; colour and stroke come from the `.icon` class where it is used."""
    symbols = []
    for name in icon_names():
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", (folder / f"{name}.svg").read_text("utf-8"), re.S)
        paths = re.findall(r"<(?!/)[^>]+/>", drawing.group(1)) if drawing else []
        shown = "".join(p for p in paths if "M0 0h24v24H0z" not in p)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shown}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def _font_css(source: Path) -> bytes:
    """The font's own rules for the weights and subsets kept, woff2 only."""
    rules = []
    for weight in WEIGHTS:
        css = (source / f"{weight}.css").read_text(encoding="utf-8")
        for subset in SUBSETS:
            rule = re.search(
                rf"/\* be-vietnam-pro-{subset}-{weight}-normal \*/\s*(@font-face \{{.*?\}})", css, re.S
            )
            if rule is None:
                raise SystemExit(f"{FONT.spec} has no rule for {subset} {weight}.")
            shipped = re.sub(r", url\([^)]*\.woff\) format\('woff'\)", "", rule.group(1))
            rules.append(shipped.replace("./files/", "./"))
    return ("\n".join(rules) + "\n").encode()


def _mit(css: bytes) -> bytes:
    """The package ships no licence file: the MIT text with the copyright lines of its own banner."""
    owners = re.findall(r"^ \* (Copyright .+)$", css[:2000].decode("utf-8"), re.M)
    text = (ROOT / "scripts/mit.txt").read_text(encoding="utf-8")
    return text.replace("COPYRIGHT", "\n".join(owners)).encode()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fetch", action="store_true", help="fetch from npm and write the files anew")
    if parser.parse_args().fetch:
        fetch()
    found = problems()
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("Run: python scripts/vendor.py --fetch", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
