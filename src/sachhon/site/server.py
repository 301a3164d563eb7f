"""Serves the site with granian."""

import os


def run_server(host: str, port: int, workers: int) -> None:
    """Serves until interrupted; static files must have been collected (`sachhon collectstatic`)."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sachhon.site.settings")
    Granian(
        "sachhon.site.wsgi:application",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        blocking_threads=4,
    ).serve()
