#!/bin/sh
# Makes .venv from the lock file. Safe to break off and run again: .ready is written last.
set -eu
PYTHON="${PYTHON:-python3}"
say() { printf '· %s\n' "$*"; }
fail() { printf 'sachhon: %s\n' "$*" >&2; exit 1; }

command -v "$PYTHON" >/dev/null 2>&1 ||
  fail "'$PYTHON' was not found. Install Python 3.11 or newer, or name it: make demo PYTHON=/path/to/python3.12"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "$("$PYTHON" --version) is too old: 3.11 or newer is needed. Name another: make demo PYTHON=python3.12"

if [ ! -x .venv/bin/pip ]; then
  say "making .venv with $("$PYTHON" --version)"
  rm -rf .venv
  "$PYTHON" -m venv .venv || fail "could not make .venv. On Debian or Ubuntu: sudo apt-get install python3-venv"
fi
if [ ! -x .venv/bin/uv ]; then
  say "installing uv into .venv"
  .venv/bin/pip install --quiet --disable-pip-version-check uv ||
    fail "could not install uv from the package index. Check the network or the proxy and run make again."
fi
say "installing the locked packages"
UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync --frozen --inexact --quiet ||
  fail "could not install the packages of uv.lock. Check the network and run make again; nothing is lost."
touch .venv/.ready
say "ready: $(.venv/bin/python --version), $(.venv/bin/uv --version)"
