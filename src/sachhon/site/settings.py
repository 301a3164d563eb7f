"""The one settings file. Everything that differs between machines comes from the environment.

The variables are listed, with their defaults, in docs/operations.md.
"""

from pathlib import Path

import dj_database_url

from sachhon.site import environment

PACKAGE = Path(__file__).resolve().parent.parent
HOME = environment.home()
DEBUG = environment.flag("SACHHON_DEBUG", default=False)
DEMO = environment.flag("SACHHON_DEMO", default=False)
HTTPS = environment.flag("SACHHON_HTTPS", default=not (DEBUG or DEMO))

SECRET_KEY = environment.secret_key(HOME)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "sachhon.site.apps.SiteConfig",
    "sachhon.apps.reporting.apps.ReportingConfig",
    "sachhon.apps.programme.apps.ProgrammeConfig",
    "sachhon.apps.assessment.apps.AssessmentConfig",
    "sachhon.apps.intake.apps.IntakeConfig",
    "sachhon.apps.guidance.apps.GuidanceConfig",
    "sachhon.apps.registry.apps.RegistryConfig",
    "sachhon.apps.people.apps.PeopleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "sachhon.site.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sachhon.apps.people.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sachhon.apps.people.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sachhon.apps.people.submissions.OnceOnly",
    "allauth.account.middleware.AccountMiddleware",
    "sachhon.apps.people.middleware.DenyUndeclaredViews",
    "sachhon.apps.people.middleware.YearAsked",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "sachhon.site.urls"
WSGI_APPLICATION = "sachhon.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sachhon.site.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "sachhon.site.templatetags.ui"],
        },
    }
]

# IMMEDIATE takes the write lock at BEGIN, so that two writers queue up instead of failing half way.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;"
    ),
}
# 0 is no limit: `sachhon serve` sets one for pages; the worker, imports and migrations may take longer.
STATEMENT_SECONDS = environment.number("SACHHON_STATEMENT_SECONDS", 0)
DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{HOME / 'sachhon.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE
elif STATEMENT_SECONDS:
    DATABASES["default"]["OPTIONS"] = environment.with_time_limit(
        DATABASES["default"].get("OPTIONS", {}), STATEMENT_SECONDS
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "sachhon.apps.people.adapter.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Sạch Hơn"
# A name is locked at one address by axes alone; the limits on an address only slow down who tries many names there,
# for a whole office shares one address.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip"}
AXES_USERNAME_CALLABLE = "sachhon.apps.people.adapter.login_name"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "people/locked_out.html"
AXES_RESET_ON_SUCCESS = True

SESSION_COOKIE_AGE = environment.number("SACHHON_SESSION_SECONDS", 8 * 3600)
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if environment.flag("SACHHON_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else everybody would share the proxy's address, and one person's wrong passwords would lock out all.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "sachhon_language"
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
# Separators come from the page's own filters (|number); a year or an id in an address must have none.
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "media"
# Uploads are only ever handed out by views that check who asks.
MEDIA_URL = "/khong-cong-khai/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# The inbox counts the files of a sending itself and says how many may be sent; this only bounds the parsing.
DATA_UPLOAD_MAX_NUMBER_FILES = 2000
INTAKE_MAX_FILE_MB = environment.number("SACHHON_MAX_FILE_MB", 25)
INTAKE_MAX_FILES = environment.number("SACHHON_MAX_FILES", 200)
# Of one workbook. A year of half hours is 17,520 rows; the time to read grows with the cells.
INTAKE_MAX_CELLS = environment.number("SACHHON_MAX_CELLS", 2_000_000)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if environment.words("EMAIL_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = ",".join(environment.words("EMAIL_HOST"))
EMAIL_PORT = environment.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = ",".join(environment.words("EMAIL_HOST_USER"))
EMAIL_HOST_PASSWORD = ",".join(environment.words("EMAIL_HOST_PASSWORD"))
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=True)
DEFAULT_FROM_EMAIL = ",".join(environment.words("DEFAULT_FROM_EMAIL", "Sạch Hơn <khong-tra-loi@localhost>"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"refusals": {"()": "sachhon.site.logs.RefusalsInOneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "sachhon": {"level": "INFO"},
        "django_tasks": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
    },
}
