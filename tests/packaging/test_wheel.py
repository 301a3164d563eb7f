"""The built wheel, installed into an empty environment, serves the same site as the clone."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def run(*command, **environment):
    subprocess.run([str(c) for c in command], check=True, cwd=ROOT, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder of programs of an environment that holds the wheel and what it needs, at the locked versions."""
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--wheel", "--quiet", "--out-dir", folder)
    (wheel,) = folder.glob("sachhon-*.whl")
    locked = folder / "locked.txt"
    export = ["export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--quiet"]
    run(UV, *export, "--output-file", locked)
    run(UV, "venv", "--quiet", folder / "venv")
    run(UV, "pip", "install", "--quiet", "--python", folder / "venv", "-r", locked, wheel)
    return folder / "venv" / "bin"


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
        except (urllib.error.URLError, ConnectionError):
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


def test_the_science_is_used_without_django(installed, tmp_path):
    code = (
        "import sys; from sachhon.science.intensity import specific_consumption; "
        "assert 'django' not in sys.modules; print(specific_consumption(120.0, 60.0))"
    )
    done = subprocess.run([installed / "python", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2" in done.stdout


def test_the_facts_are_in_the_wheel(installed, tmp_path):
    command = [installed / "sachhon", "reference", "show", "toe.diesel", "--on", "2026-01-01"]
    environment = {"PATH": os.environ["PATH"], "SACHHON_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "3505/BCT-KHCN" in done.stdout
