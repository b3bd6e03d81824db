"""All settings. Values come from the environment (see .env.example); defaults suit `make run`."""

import warnings
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from .env import (
    database_from_url,
    embedded_url,
    env_bool,
    env_decimal,
    env_int,
    env_list,
    env_prices,
    env_str,
)

# Lets classes such as ModelAdmin[Document] say what they are about, as the type checker wants.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env_str("RECTO_VAR") or BASE_DIR / "var")
SERVICES_FILE = VAR_DIR / "services.json"
VERSION = "0.1.0"
APP_NAME = "Recto"
ENVIRONMENT = env_str("ENVIRONMENT", "production")

SECRET_KEY = env_str("SECRET_KEY")
if not SECRET_KEY and (VAR_DIR / "secret_key").exists():
    SECRET_KEY = (VAR_DIR / "secret_key").read_text().strip()
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY (or SECRET_KEY_FILE), or start Recto with `make run`.")
DEBUG = env_bool("DEBUG", default=False)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "config.apps.RectoAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "config",
    "common",
    "accounts",
    "documents",
    "extraction",
    "duplicates",
]

MIDDLEWARE = [
    "common.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.WorkspaceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.shell",
            ],
        },
    },
]

# --- Servers ---
DATABASE_URL = env_str("DATABASE_URL") or embedded_url(SERVICES_FILE, "database_url")
REDIS_URL = env_str("REDIS_URL") or embedded_url(SERVICES_FILE, "redis_url")
# Commands that need no server (the schema, checks) must load without one.
DATABASES = {
    "default": database_from_url(
        DATABASE_URL or "postgres://recto@127.0.0.1:5433/recto", pool_size=env_int("DB_POOL_SIZE", 0)
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_REDIS = REDIS_URL or "redis://127.0.0.1:6380/0"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _REDIS,
        "KEY_PREFIX": "cache",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [_REDIS], "prefix": "live"},
    }
}

# --- Celery: the broker is only a bell, Postgres holds what is to be done ---
CELERY_BROKER_URL = _REDIS
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "celery:", "visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "cpu"
LEASE_SECONDS = env_int("LEASE_SECONDS", 30)
SWEEP_SECONDS = env_int("SWEEP_SECONDS", 10)
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "documents.sweep",
        "schedule": float(SWEEP_SECONDS),
        "options": {"queue": "webhooks", "expires": SWEEP_SECONDS},
    },
    "sweep-orphans": {
        "task": "documents.sweep_orphans",
        "schedule": 3600.0,
        "options": {"queue": "webhooks"},
    },
}

# --- Files ---
S3_BUCKET = env_str("S3_BUCKET")
STATIC_ROOT = BASE_DIR / "staticfiles"
warnings.filterwarnings("ignore", message="No directory at")  # whitenoise, before `collectstatic`
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# `collectstatic` (done in the container image) switches to hashed names; a checkout serves the folders as is.
_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _COLLECTED
_FILES: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": str(VAR_DIR / "media"), "file_permissions_mode": 0o600},
}
if S3_BUCKET:
    _FILES = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env_str("S3_ENDPOINT_URL") or None,
            "access_key": env_str("S3_ACCESS_KEY_ID") or None,
            "secret_key": env_str("S3_SECRET_ACCESS_KEY") or None,
            "region_name": env_str("S3_REGION") or None,
            "signature_version": "s3v4",
            "addressing_style": env_str("S3_ADDRESSING_STYLE", "path"),
            "file_overwrite": False,
            "default_acl": None,
        },
    }
STORAGES = {
    "default": _FILES,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# --- Limits: files, bodies, pages ---
MAX_FILE_BYTES = env_int("MAX_FILE_BYTES", 50 * 1024 * 1024)
MAX_JSON_BODY_BYTES = env_int("MAX_JSON_BODY_BYTES", 16 * 1024 * 1024)
MAX_PAGES = env_int("MAX_PAGES", 500)
# Multipart parts besides the file, and pages' forms; uploads and JSON have their own limits above.
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_JSON_BODY_BYTES
# The review form has an input for every cell of its lists: a thousand entries of twenty parts.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# A flow of 100 fields with parts is edited in one form, ten inputs each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_TEMP_DIR = env_str("UPLOAD_TEMP_DIR") or None
AUTO_PROCESS = env_bool("AUTO_PROCESS", default=True)
WEBHOOK_ALLOW_PRIVATE = env_bool("WEBHOOK_ALLOW_PRIVATE", default=False)
URL_FETCH_ALLOW_PRIVATE = env_bool("URL_FETCH_ALLOW_PRIVATE", default=False)
RATE_LIMITS = {
    "read": (600, 60),
    "write": (120, 60),
    "auth": (5, 60),
    "upload": (60, 600),
    "upload_session": (300, 600),
}
if not env_bool("RATE_LIMITS", default=True):
    RATE_LIMITS = {}

# --- Language models: one OpenAI-compatible endpoint. Without it the local engine reads all there is. ---
LLM_BASE_URL = env_str("LLM_BASE_URL")
LLM_API_KEY = env_str("LLM_API_KEY")
# What `standard` asks for fields, empty for the local engine alone; what `premium` asks for fields, and for
# pages (it has to read pictures, and answers for fields too where no other is named); others that callers
# may name, which read both.
LLM_STANDARD_MODEL = env_str("LLM_STANDARD_MODEL")
LLM_PREMIUM_MODEL = env_str("LLM_PREMIUM_MODEL")
LLM_VISION_MODEL = env_str("LLM_VISION_MODEL")
LLM_MODELS = env_list("LLM_MODELS")
# Seconds for one call, and for all calls of one document's stage.
LLM_TIMEOUT = env_int("LLM_TIMEOUT", 120)
LLM_STAGE_SECONDS = env_int("LLM_STAGE_SECONDS", 300)
# Tokens of one question about fields, and how many questions a long document may take.
LLM_PROMPT_TOKENS = env_int("LLM_PROMPT_TOKENS", 16000)
LLM_MAX_CALLS = env_int("LLM_MAX_CALLS", 4)
# US dollars per million tokens; budgets of a workspace and of one document for a calendar month, 0 for none.
LLM_PRICES = env_prices("LLM_PRICES")
LLM_MONTHLY_CAP = env_decimal("LLM_MONTHLY_CAP")
LLM_DOCUMENT_CAP = env_decimal("LLM_DOCUMENT_CAP")
LLM_MONTHLY_TOKENS = env_int("LLM_MONTHLY_TOKENS", 0)
LLM_DOCUMENT_TOKENS = env_int("LLM_DOCUMENT_TOKENS", 0)
# After so many failures in a row an endpoint is left alone for so many seconds.
LLM_BREAKER_FAILURES = env_int("LLM_BREAKER_FAILURES", 5)
LLM_BREAKER_SECONDS = env_int("LLM_BREAKER_SECONDS", 60)

# --- People ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
if not RATE_LIMITS:
    ACCOUNT_RATE_LIMITS = False
EMAIL_BACKEND = env_str("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")

# --- HTTP security ---
HTTPS_ONLY = env_bool("HTTPS_ONLY", default=False)
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$"]
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31536000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
if env_bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_NAME = "recto_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "recto_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "common.api.exceptions.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["common.api.throttling.BucketThrottle"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.api.exceptions.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S.%fZ",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Recto",
    "DESCRIPTION": "Documents in, trusted data out.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "DocumentStatus": "documents.models.document.Status",
        "JobStatus": "documents.models.job.JobStatus",
        "Role": "accounts.models.workspace.Role",
    },
}

# --- Language, time, logs ---
LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env_str("TIME_ZONE", "UTC")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request": {"()": "common.logs.RequestIdFilter"},
        "redact": {"()": "common.logs.RedactFilter"},
    },
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["request", "redact"],
        }
    },
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "RapidOCR": {"level": "WARNING"},
        # One line per call, with the endpoint's address.
        "httpx2": {"level": "WARNING"},
        # At DEBUG it writes whole requests, which hold the documents' text.
        "openai": {"level": "WARNING"},
    },
}
