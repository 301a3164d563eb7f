"""What makes the checklist open without a connection: the service worker and the empty page it keeps.

The empty page holds nothing of anybody: who is logged in and what they answered stands in the browser's own
store, apart for each person.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sachhon import __version__
from sachhon.apps.assessment.quick_words import page_words
from sachhon.apps.people.access import public

# What the page is made of, in the order it is loaded; the worker keeps these and nothing else.
STYLES = (
    "vendor/font/font.css",
    "vendor/tabler/tabler.min.css",
    "site/site.css",
    "assessment/quick/quick.css",
)
SCRIPTS = tuple(f"assessment/quick/{name}.js" for name in ("store", "photos", "sync", "cards", "page"))
OTHERS = (
    "site/favicon.svg",
    "site/theme.js",
    "vendor/icons/sprite.svg",
    *(
        f"vendor/font/be-vietnam-pro-{part}-{weight}-normal.woff2"
        for part in ("latin", "vietnamese")
        for weight in (400, 500, 600)
    ),
)


@public
@never_cache
@require_GET
def shell(request):
    """The checklist's page without a checklist in it; the browser fills it from its own store."""
    return render(request, "assessment/quick/checklist.html", {"words": page_words()})


@public
@require_GET
def worker(request):
    """The service worker, with the list of what it keeps; a new list is a new version."""
    kept = {
        "version": _version(),
        "files": [static(name) for name in (*STYLES, *SCRIPTS, *OTHERS)],
        "shell": reverse("assessment:quick_shell"),
    }
    response = render(
        request, "assessment/quick/worker.js", {"kept": json.dumps(kept)}, content_type="text/javascript"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _version() -> str:
    """Changes with the program and with any file that is kept."""
    from django.contrib.staticfiles import finders
    from django.template.loader import get_template

    digest = hashlib.sha256(__version__.encode())
    for name in (*STYLES, *SCRIPTS, *OTHERS):
        digest.update(static(name).encode())
        if settings.DEBUG and (found := finders.find(name)):
            digest.update(Path(found).read_bytes())
    for name in ("assessment/quick/checklist.html", "assessment/quick/worker.js"):
        digest.update(get_template(name).template.source.encode())
    return digest.hexdigest()[:16]
