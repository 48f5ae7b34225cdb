"""Every setting, read once from the environment; the defaults run the embedded system on one machine.

Limits are in gravity.limits.
"""

from django.core.exceptions import ImproperlyConfigured

from gravity.admin_settings import unfold
from gravity.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from gravity.environment import BASE_DIR, env
from gravity.limits import *  # noqa: F403
from gravity.postgresql import complete as complete_postgresql
from gravity.redis_urls import complete as complete_redis
from gravity.redis_urls import tls

INSECURE_KEY = "insecure-development-key-of-the-embedded-default"

PRODUCTION = env.bool("PRODUCTION", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", INSECURE_KEY)
JWT_SECRET = env.str("JWT_SECRET", SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var")

if PRODUCTION:
    faults = [
        text
        for wrong, text in (
            (DEBUG, "DEBUG must be off"),
            (SECRET_KEY == INSECURE_KEY, "SECRET_KEY must be set"),
            (len(SECRET_KEY) < 32, "SECRET_KEY must have at least 32 characters"),
            (
                JWT_SECRET == INSECURE_KEY or len(JWT_SECRET) < 32,
                "JWT_SECRET must have at least 32 characters",
            ),
            ("*" in ALLOWED_HOSTS, "ALLOWED_HOSTS must name the hosts"),
        )
        if wrong
    ]
    if faults:
        raise ImproperlyConfigured("Refusing to start in production: " + "; ".join(faults) + ".")

# ── Applications ────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "ops",  # before those whose templates it replaces
    "django_celery_beat",
    "django_prometheus",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "api",
    "scans",
    "jobs",
    "forecasts",
    "market",
    "notifications",
    "accounts",
]

MIDDLEWARE = [
    "ops.middleware.RequestMiddleware",
    "ops.https.HttpsRedirect",
    "ops.read_only.ReadOnlyPages",
    "django.middleware.security.SecurityMiddleware",
    "ops.content_security.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "api.receiving.FormMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Where spans are sent (OTLP over HTTP, such as http://collector:4318/v1/traces; empty: nowhere), and of which share of
# the requests that are in nobody's trace yet. Needs requirements/tracing.txt.
TRACES_URL = env.str("TRACES_URL", "")
TRACES_SHARE = env.float("TRACES_SHARE", 1.0)
if TRACES_URL:
    MIDDLEWARE.insert(1, "ops.traced_requests.TracedRequests")

CSRF_FAILURE_VIEW = "ops.admin_errors.csrf_failure"
ROOT_URLCONF = "gravity.urls"
WSGI_APPLICATION = "gravity.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = ["gravity.formats"]
USE_I18N = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "ops" / "templates"],  # before django-unfold's, some of which they replace
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static")
# The embedded default serves static files out of the packages; the image collects them at build.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# ── Database: SQLite on the embedded default, PostgreSQL by DATABASE_URL ──────────────────────────────────
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'gravity.sqlite3'}")}
_database = DATABASES["default"]
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", 8)
# Who answers requests has a pool and little time; a worker's statements may write much. Migrations take what they take.
DATABASE_STATEMENT_SECONDS = env.float("DATABASE_STATEMENT_SECONDS", 10 if DATABASE_POOL_SIZE else 60)
DATABASE_CHECK_SECONDS = env.float("DATABASE_CHECK_SECONDS", 1)
if _database["ENGINE"].endswith("sqlite3"):
    # A process that answers has many connections, any other has one.
    _kilobytes = 2_000 if DATABASE_POOL_SIZE else 16_000
    _pragmas = f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-{_kilobytes};"
    _database["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _pragmas}
    _database["CONN_MAX_AGE"] = 0 if DATABASE_POOL_SIZE else None
else:
    complete_postgresql(
        _database,
        pool_size=DATABASE_POOL_SIZE,
        connect_seconds=env.int("DATABASE_CONNECT_SECONDS", 3),
        silence_seconds=env.int("DATABASE_SILENCE_SECONDS", 10),
    )
# The same databases with their statements counted.
_database["ENGINE"] = _database["ENGINE"].replace("django.db.backends.", "ops.databases.")
# Of django_db_query_duration_seconds; django-prometheus's own begin at 10 ms, where most statements have ended.
PROMETHEUS_LATENCY_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# ── Redis: a wire (broker, noeviction) and a cache (allkeys-lru), two servers with two policies ───────────
# A password apart from its address may have any characters, and is not seen with it.
BROKER_URL = complete_redis(env.str("BROKER_URL", "redis://127.0.0.1:6379/0"), env.str("BROKER_PASSWORD", ""))
CACHE_URL = complete_redis(env.str("CACHE_URL", "redis://127.0.0.1:6380/0"), env.str("CACHE_PASSWORD", ""))
# By what name Sentinels know the broker, where BROKER_URL is sentinel://.
BROKER_MASTER_NAME = env.str("BROKER_MASTER_NAME", "")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 2},
    }
}

# ── Celery: a message carries one id; the rows recover, Celery never retries ──────────────────────────────
CELERY_BROKER_URL = CELERY_BROKER_READ_URL = CELERY_BROKER_WRITE_URL = BROKER_URL  # its commands replace the first
CELERY_BROKER_USE_SSL = tls(BROKER_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_DEFAULT_QUEUE = "maintenance"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("WORKER_RECYCLE_MB", 800) * 1_000  # kB
CELERY_WORKER_SEND_TASK_EVENTS = True
CELERY_WORKER_CONSUMER = "tasks.worker.consumer:Consumer"
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("WORKER_SOFT_SHUTDOWN_SECONDS", 8.0)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A broker that answers and refuses (a replica after a failover, a full disk or memory) is waited out, too.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_POOL_LIMIT = 64
# One constant in every process: each restores the shared unacked index by its own timeout, so the smallest
# anywhere wins. It is a backstop behind the lease and longer than any hard limit.
VISIBILITY_TIMEOUT_SECONDS = 2 * 60 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 25,
    # A publish that finds no broker fails at once; the row stays, and the sweep sends it.
    "max_retries": 0,
    **({"master_name": BROKER_MASTER_NAME} if BROKER_MASTER_NAME else {}),
}
CELERY_BEAT_SCHEDULER = "tasks.schedule:Scheduler"
DJANGO_CELERY_BEAT_TZ_AWARE = True
HEARTBEAT_DIR = env.path("HEARTBEAT_DIR", DATA_DIR / "heartbeats")
WORKER_METRICS_PORT = env.int("WORKER_METRICS_PORT", 0)
BEAT_METRICS_PORT = env.int("BEAT_METRICS_PORT", 0)
# Once this file is there, answers of the API end their connections: a pod's hook makes it some seconds before the end.
DRAIN_FILE = env.str("DRAIN_FILE", "")
# Whether the API's /metrics has the queues' figures as well: each of its processes would ask the database for them.
API_SYSTEM_METRICS = env.bool("API_SYSTEM_METRICS", True)

# ── Jobs ──────────────────────────────────────────────────────────────────────────────────────────────────
QUEUE_WINDOW = env.int("QUEUE_WINDOW", 1_000)
LEASE_SECONDS = env.int("LEASE_SECONDS", 60)
MAX_ATTEMPTS = env.int("MAX_ATTEMPTS", 3)
REPUBLISH_AFTER_SECONDS = env.int("REPUBLISH_AFTER_SECONDS", 60)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", 20)
SCAN_TICK_SECONDS = env.int("SCAN_TICK_SECONDS", 10)
CHUNK_TARGET_MILLISECONDS = env.float("CHUNK_TARGET_MILLISECONDS", 200)
# A chunk stops between two symbols when its time is up; one symbol that goes on is killed at the hard limit.
CHUNK_SOFT_LIMIT_SECONDS = env.int("CHUNK_SOFT_LIMIT_SECONDS", 45)
CHUNK_HARD_LIMIT_SECONDS = env.int("CHUNK_HARD_LIMIT_SECONDS", 60)
# What a worker child may hold before a chunk that asks for more fails; 0: anything.
WORKER_MEMORY_MB = env.int("WORKER_MEMORY_MB", 2_000)
DUE_SECONDS = env.int("DUE_SECONDS", 5)
START_AFTER_MAX_DAYS = env.int("START_AFTER_MAX_DAYS", 30)
RETIRE_SECONDS = env.int("RETIRE_SECONDS", 300)
# Where deleted jobs are kept as files; empty: nowhere, only their summaries stay.
ARCHIVE_DIR = env.str("ARCHIVE_DIR", "" if PRODUCTION else str(DATA_DIR / "archive"))
# For how many days after a deletion a job's archive is kept with its summary, and a summary without one; 0: for ever.
ARCHIVE_DAYS = env.int("ARCHIVE_DAYS", 0)
TOMBSTONE_DAYS = env.int("TOMBSTONE_DAYS", 365)
# Callbacks go to public addresses by https; besides, to these networks (10.0.0.0/8,…), and by http if allowed.
CALLBACK_NETWORKS: list[str] = env.list("CALLBACK_NETWORKS", [])
CALLBACK_ALLOW_HTTP = env.bool("CALLBACK_ALLOW_HTTP", False)
# Where models are (the name, then the version, then the files), which of patterns and of candlesticks is served while
# none is champion (empty: none), and the sha256 that its card must have; empty: the card is believed.
MODELS_DIR = env.path("MODELS_DIR", BASE_DIR / "ml_models")
MODEL_VERSION = env.str("MODEL_VERSION", "2.0.0")
MODEL_SHA256 = env.str("MODEL_SHA256", "")
CANDLESTICK_MODEL_VERSION = env.str("CANDLESTICK_MODEL_VERSION", "1.0.0")
CANDLESTICK_MODEL_SHA256 = env.str("CANDLESTICK_MODEL_SHA256", "")
# Where models are kept that are trained here, in sight of the API and of the workers; empty: none are trained.
TRAINED_MODELS_DIR = env.str("TRAINED_MODELS_DIR", "" if PRODUCTION else str(DATA_DIR / "models"))
# How long a training may take. The broker gives a message away again later than that.
TRAINING_LIMIT_SECONDS = min(env.int("TRAINING_LIMIT_SECONDS", 3_600), VISIBILITY_TIMEOUT_SECONDS - 600)
# Seeds of random walks that a candidate is tried by (20 are all of them); 0: none, and then none can be served.
TRAINING_WALK_SEEDS = env.int("TRAINING_WALK_SEEDS", 4)
# How long what a model said of an event is kept beside what became of it; 0: for ever.
PREDICTION_DAYS = env.int("PREDICTION_DAYS", 1_095)
RETENTION_DEFAULT = env.str("RETENTION_DEFAULT", "30d")

# ── API ───────────────────────────────────────────────────────────────────────────────────────────────────
SIMPLE_JWT = {
    "SIGNING_KEY": JWT_SECRET,
    "ALGORITHM": "HS256",
    "UPDATE_LAST_LOGIN": False,
    # A refresh token works once; the next comes with the answer.
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
}
# The second only knows sessions of 1.1 again; it logs nobody in.
AUTHENTICATION_BACKENDS = ["accounts.backends.GuardedBackend", "api.backends.GuardedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "/admin/login/", "/admin/"

# ── Security ──────────────────────────────────────────────────────────────────────────────────────────────
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", PRODUCTION) else None
HTTPS_REDIRECT = env.bool("HTTPS_REDIRECT", PRODUCTION)
# Browsers that have come by TLS once then refuse anything else of this host for as long; 0: as they like.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 60 * 60 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # ops.https redirects
    "security.W005",  # other hosts of the domain, and lists inside browsers, are the domain's owner's to decide on
    "security.W021",
]

# ── Admin ─────────────────────────────────────────────────────────────────────────────────────────────────
FLOWER_URL = env.str("FLOWER_URL", "http://127.0.0.1:5555/flower/")
UNFOLD = unfold(FLOWER_URL)

# ── Logs: lines of JSON, plain on a terminal; configured in one place ─────────────────────────────────────
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING_CONFIG = "gravity.logs.configure"
LOGGING = {"level": LOG_LEVEL, "production": PRODUCTION}
