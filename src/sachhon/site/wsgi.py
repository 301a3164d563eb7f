"""The WSGI entry of the site, for any server of its kind."""

import os

from django.core.wsgi import get_wsgi_application

from sachhon.site.gate import BodyGate
from sachhon.site.server import WITH_BODY

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sachhon.site.settings")
application = BodyGate(get_wsgi_application(), WITH_BODY)
