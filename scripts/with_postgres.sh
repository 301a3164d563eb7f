#!/bin/sh
# Runs a command with DATABASE_URL set to a PostgreSQL: the one named already, or one started for this run alone.
set -eu
say() { printf '· %s\n' "$*"; }

case "${DATABASE_URL:-}" in postgres*) exec "$@" ;; esac

find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
BIN="$(find_bin)"
if [ -z "$BIN" ] || [ ! -x "$BIN/initdb" ]; then
  say "installing PostgreSQL from the system's packages"
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; }; then
    echo "sachhon: PostgreSQL is not installed. Install it, or set DATABASE_URL=postgres://…" >&2
    exit 1
  fi
  BIN="$(find_bin)"
fi

FOLDER="$(mktemp -d /tmp/sachhon-postgres.XXXXXX)"
PORT="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
# PostgreSQL refuses to run as root: hand it to the system's postgres account then.
if [ "$(id -u)" = 0 ]; then
  chown postgres "$FOLDER"
  as() { su postgres -s /bin/sh -c "$*"; }
else
  as() { sh -c "$*"; }
fi
stop() {
  as "$BIN/pg_ctl -D $FOLDER/data -m immediate stop" >/dev/null 2>&1 || true
  rm -rf "$FOLDER"
}
trap stop EXIT INT TERM
as "$BIN/initdb -D $FOLDER/data -U sachhon --auth=trust -E UTF8 --locale=C.UTF-8" >/dev/null
# A throw-away database: durability off, speed on.
as "$BIN/pg_ctl -D $FOLDER/data -w -l $FOLDER/log -o '-p $PORT -k $FOLDER -c listen_addresses=127.0.0.1 \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200' start" >/dev/null
say "PostgreSQL on port $PORT"
DATABASE_URL="postgres://sachhon@127.0.0.1:$PORT/postgres" "$@"
