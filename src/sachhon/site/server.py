"""Serves the site with granian: collects the static files first, so that one command is enough."""

import os

# A request holds a thread while it waits for a slow client, the database or a document; four were all taken
# by four of them, and the site stood still. Beyond the limit requests queue in the socket, not in memory.
THREADS = 16
AT_ONCE = 4 * THREADS
WITH_BODY = THREADS - 4  # so many may send something at once; the rest is always there to read pages
SECONDS_TO_END = 30  # a worker that does not end by then is killed
STATEMENT_SECONDS = "30"  # PostgreSQL ends a page's statement that runs longer


def run_server(host: str, port: int, workers: int) -> None:
    """Serves until interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sachhon.site.settings")
    os.environ.setdefault("SACHHON_STATEMENT_SECONDS", STATEMENT_SECONDS)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)

    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    Granian(
        "sachhon.site.worker:application",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        backpressure=AT_ONCE,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
    ).serve()
