"""The site's settings as the tests want them: quick passwords, mail in memory, tasks at once, a folder of their own."""

import os
import tempfile

os.environ.setdefault("SACHHON_HOME", tempfile.mkdtemp(prefix="sachhon-test-"))
os.environ.setdefault("SACHHON_DEBUG", "0")
os.environ.setdefault("SACHHON_HTTPS", "0")

from sachhon.site.settings import *  # noqa: F403
from sachhon.site.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
AXES_ENABLED = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: two threads that write must wait for one another as they do in production.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["SACHHON_HOME"], "test.sqlite3")}  # noqa: PTH118
