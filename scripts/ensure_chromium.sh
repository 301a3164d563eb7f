#!/bin/sh
# Makes sure there is a Chromium for the browser tests.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
echo "· installing Chromium from the system's packages"
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || {
  echo "sachhon: Chromium is not installed. Install it (Debian: apt-get install chromium) and run again." >&2
  exit 1
}
