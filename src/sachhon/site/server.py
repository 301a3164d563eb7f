"""Serves the site with granian: collects the static files first, so that one command is enough."""

import os


def run_server(host: str, port: int, workers: int) -> None:
    """Serves until interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sachhon.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)

    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "sachhon.site.wsgi:application",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        blocking_threads=4,
    ).serve()
