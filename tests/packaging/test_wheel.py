"""The built wheel, installed into an empty environment: the whole site as from the clone, or the science alone."""

import os
import pkgutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")

NOT_SCIENCE = {"offline-sync", "plausibility", "reading-workbooks"}  # nothing is computed on these pages
MODULES = {m.name for m in pkgutil.iter_modules([str(ROOT / "src" / "sachhon" / "science")])}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def run(*command, **environment):
    subprocess.run([str(c) for c in command], check=True, cwd=ROOT, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--wheel", "--quiet", "--out-dir", folder)
    (made,) = folder.glob("sachhon-*.whl")
    return made


def install(wheel: Path, folder: Path, extra: str = "") -> Path:
    """The folder of programs of an environment that holds the wheel and what it needs, at the locked versions."""
    locked = folder / "locked.txt"
    export = ["export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--quiet"]
    run(UV, *export, *(["--extra", extra] if extra else []), "--output-file", locked)
    run(UV, "venv", "--quiet", folder / "venv")
    asked = f"{wheel}[{extra}]" if extra else wheel
    # only what the wheel itself asks for, at the versions of the lock
    run(UV, "pip", "install", "--quiet", "--python", folder / "venv", "--constraint", locked, asked)
    return folder / "venv" / "bin"


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("site"), "site")


@pytest.fixture(scope="module")
def science_alone(wheel, tmp_path_factory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("science"))


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(url: str, seconds: float = 30) -> str:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except OSError:  # refused while it starts, or silent while the machine is busy
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_the_wheel_serves_the_site(installed, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "SACHHON_HOME": str(tmp_path / "var"),
        "SACHHON_HTTPS": "0",
    }
    sachhon = installed / "sachhon"
    port = free_port()
    subprocess.run([sachhon, "migrate", "--verbosity", "0"], check=True, env=environment, cwd=tmp_path)
    server = subprocess.Popen([sachhon, "serve", "--port", str(port)], env=environment, cwd=tmp_path)
    try:
        page = ask(f"http://127.0.0.1:{port}/tai-khoan/login/")
        assert "Đăng nhập" in page
        style = next(
            part for part in page.split('"') if part.startswith("/static/") and part.endswith(".css")
        )
        assert ask(f"http://127.0.0.1:{port}{style}")
    finally:
        server.terminate()
        assert server.wait(timeout=15) is not None


def test_the_science_alone_is_small_and_every_module_of_it_works(science_alone, tmp_path):
    listed = [UV, "pip", "list", "--quiet", "--format", "freeze", "--python", science_alone / "python"]
    packages = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    assert len(packages) <= 13, packages
    pages = sorted((ROOT / "docs" / "concepts").glob("*.md"))
    pages = [p for p in pages if p.stem not in NOT_SCIENCE]
    command = [science_alone / "python", ROOT / "tests" / "packaging" / "science_alone.py", *pages]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    from sachhon import science

    assert set(dir(science)) & MODULES <= set(done.stdout.split())


def test_the_command_tells_what_to_install_where_the_science_is_alone(science_alone, tmp_path):
    for arguments in ([], ["serve"], ["--help"]):
        done = subprocess.run([science_alone / "sachhon", *arguments], capture_output=True, text=True)
        assert done.returncode == 2
        assert '-m pip install "sachhon[site]"' in done.stderr
        assert "Traceback" not in done.stderr


def test_the_facts_are_in_the_wheel(installed, tmp_path):
    command = [installed / "sachhon", "reference", "show", "toe.diesel", "--on", "2026-01-01"]
    environment = {"PATH": os.environ["PATH"], "SACHHON_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "3505/BCT-KHCN" in done.stdout
