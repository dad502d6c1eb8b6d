"""One settings file for every place: what differs comes from the environment.

FENGHUANG_HOME   database, uploads, logs and the secret key (default: <repository>/var)
DATABASE_URL     PostgreSQL in production; without it SQLite at $FENGHUANG_HOME/fenghuang.sqlite3
FENGHUANG_DEBUG=1    tracebacks in the browser; never in production
FENGHUANG_HTTPS=1    behind TLS: secure cookies, redirect, HSTS
FENGHUANG_HOSTS      comma-separated host names (default: this machine only)
FENGHUANG_DEMO=1     demonstration: ribbon 演示数据 and the fixed demonstration accounts
FENGHUANG_PUBLIC_RATE    requests a minute one address may make to the API and to the calculators (600; 0: no limit)
FENGHUANG_POLICIES   folders of further policy packs, separated as in PATH (law/pack.py reads it)
FENGHUANG_PROXIES    how many reverse proxies stand before us; the address is then taken from X-Forwarded-For (0)
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from fenghuang.config.environment import flag, home, names, number, secret_key

REPOSITORY = Path(__file__).resolve().parents[3]
HOME = home()
DATA = REPOSITORY / "data"
SPEC = REPOSITORY / "spec"
HOME.mkdir(parents=True, exist_ok=True)

DEBUG = flag("FENGHUANG_DEBUG")
HTTPS = flag("FENGHUANG_HTTPS")
FENGHUANG_DEMO = flag("FENGHUANG_DEMO")
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = [*names("FENGHUANG_HOSTS"), "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in names("FENGHUANG_HOSTS")] if HTTPS else []


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # ours before theirs: our templates win
    "fenghuang.platform.ui",
    "fenghuang.platform.accounts",
    "fenghuang.platform.audit",
    "fenghuang.platform.jobs",
    "fenghuang.platform.lists",
    "fenghuang.platform.notices",
    "fenghuang.domain.feeds",
    "fenghuang.domain.registry",
    "fenghuang.domain.evaluation",
    "fenghuang.domain.campaign",
    "fenghuang.domain.casework",
    "fenghuang.domain.incentives",
    "fenghuang.domain.whatif",
    "fenghuang.faces.cockpit",
    "fenghuang.faces.explorer",
    "fenghuang.faces.portal",
    "fenghuang.faces.api",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "django_tables2",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "ninja",  # its documentation page would come from a CDN otherwise
]

MIDDLEWARE = [
    "fenghuang.platform.ui.middleware.ForwardedAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "fenghuang.platform.ui.middleware.AuditAddress",
    "fenghuang.platform.accounts.middleware.ViewAs",
    "fenghuang.platform.accounts.middleware.OwnPassword",
    "fenghuang.platform.accounts.middleware.StaffOnly",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fenghuang.platform.ui.middleware.VaryOnHtmx",
]

ROOT_URLCONF = "fenghuang.config.urls"
WSGI_APPLICATION = "fenghuang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.static",
                "fenghuang.platform.ui.templatetags.numbers",
                "fenghuang.platform.ui.templatetags.shell",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fenghuang.platform.ui.context.shell",
            ],
        },
    }
]
COTTON_DIR = "cotton"

# --- database -------------------------------------------------------------------------------------------------------
# SQLite: WAL lets readers and one writer live together; IMMEDIATE takes the write lock at BEGIN, so that two
# processes wait (busy timeout) instead of failing half way; foreign keys are on by Django's own default.
if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.config(conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("FENGHUANG_SQLITE") or str(HOME / "fenghuang.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000;"
                    " PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
                ),
            },
        }
    }
# Rate limits count here: a cache of the process would count once per gunicorn worker.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
FIRM_HOME = "portal:home"  # where a firm's account enters (middleware.StaffOnly, Adapter)
ACCOUNT_ADAPTER = "fenghuang.platform.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# A whole office may share one address. Wrong passwords of one name are axes's: the operator can take its lock off.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip"}
ACCOUNT_FORMS = {
    "login": "fenghuang.platform.accounts.forms.LoginForm",
    "change_password": "fenghuang.platform.accounts.forms.ChangePasswordForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "凤凰"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_USERNAME_CALLABLE = "fenghuang.platform.accounts.http.name_tried"
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # no AxesMiddleware: the login form itself shows the lock

SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "fenghuang.platform.ui.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # ECharts positions its tooltip with style attributes
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- files ----------------------------------------------------------------------------------------------------------
MEDIA_ROOT = HOME / "uploads"  # never served directly: a view checks who asks
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20  # form fields, files not counted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 60  # the form refuses more than 30 in words, this stops floods
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
UPLOAD_MAX_BYTES = 100 * 2**20  # one delivered file, in the browser and on the command line
API_MAX_BYTES = 2**20  # one question to the API
API_MAX_SUBJECTS = 1000
PUBLIC_RATE = number("FENGHUANG_PUBLIC_RATE", 600)
PROXIES = number("FENGHUANG_PROXIES", 0)
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "fenghuang.platform.ui.storage.Static"},
}
WHITENOISE_MANIFEST_STRICT = False

# --- language, numbers, tables, tasks, log --------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["fenghuang.config.formats"]
DJANGO_TABLES2_TEMPLATE = "ui/table.html"
DJANGO_TABLES2_TABLE_ATTRS = {"class": "table table-vcenter card-table"}
FORM_RENDERER = "fenghuang.platform.ui.forms.Renderer"

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"refusals": {"()": "fenghuang.config.logs.RefusalsInOneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
