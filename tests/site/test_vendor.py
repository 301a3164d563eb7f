"""What comes from other makers is what was brought in, and pages ask no other host for anything."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/sachhon"


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def vendor():
    return script("vendor")


def test_every_vendored_file_has_the_checksum_of_its_manifest(vendor):
    assert vendor.problems() == []


def test_a_changed_a_missing_and_an_unlisted_file_are_found(vendor, tmp_path, monkeypatch):
    import shutil

    copy = tmp_path / "vendor"
    shutil.copytree(vendor.SITE, copy)
    monkeypatch.setattr(vendor, "SITE", copy)
    (copy / "htmx/htmx.min.js").write_text("alert(1)")
    (copy / "font/font.css").unlink()
    (copy / "extra.js").write_text("")
    assert vendor.problems() == [
        "vendor/font/font.css is missing",
        "vendor/extra.js is not in MANIFEST.json",
        "vendor/htmx/htmx.min.js was changed",
    ]


def test_every_package_has_its_licence_beside_it(vendor):
    for package in vendor.PACKAGES:
        assert len((package.target / "LICENSE").read_text(encoding="utf-8")) > 200, package.name


def templates():
    return sorted(SOURCE.rglob("templates/**/*.html"))


def test_every_icon_of_a_page_is_in_the_sprite(vendor):
    known = set(vendor.icon_names())
    used = {
        (path.name, name)
        for path in templates()
        for name in re.findall(r"""(?:\{% icon|icon=)\s*["']([\w-]+)["']""", path.read_text(encoding="utf-8"))
    }
    from sachhon.site.menu import ROOMS
    from sachhon.site.states import SIGNS

    used |= {("menu.py", icon) for _group, _label, _name, icon, _action in ROOMS}
    used |= {("states.py", sign.icon) for sign in SIGNS.values()}
    assert {(where, name) for where, name in used if name not in known} == set()


SVG_NAMESPACE = "http://www.w3.org/2000/svg"  # the name of a language, which nothing is fetched from


def test_no_template_style_or_script_of_ours_refers_to_another_host_or_is_inline():
    found = []
    for path in templates():
        html = path.read_text(encoding="utf-8")
        html = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", html, flags=re.S)
        if re.search(r"(src|href|action)=[\"'](https?:)?//", html):
            found.append(f"{path.name}: another host")
        if re.search(
            r"<style|\sstyle=|\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)(?![^>]*application/json)", html
        ):
            found.append(f"{path.name}: inline style or script")
    for path in [*SOURCE.rglob("static/**/*.css"), *SOURCE.rglob("static/**/*.js")]:
        text = path.read_text(encoding="utf-8").replace(SVG_NAMESPACE, "")
        if "vendor" not in path.parts and re.search(r"(https?:)?//\w+\.\w", text):
            found.append(f"{path.name}: another host")
    assert found == []


def test_the_vendored_style_loads_nothing_from_elsewhere(vendor):
    for path in vendor.SITE.rglob("*.css"):
        css = path.read_text(encoding="utf-8")
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", css), path.name
        assert "@import" not in css


def test_no_word_of_the_pages_lacks_its_vietnamese():
    assert script("check_translations").problems() == []
