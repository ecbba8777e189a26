"""Settings: one file, the same code everywhere, what differs comes from the environment (config/env.py)."""

from contextlib import suppress
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.env import clock_offset, database, env, secret_key, storage

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data"))).resolve()
with suppress(OSError):  # what needs it will say so
    DATA_DIR.mkdir(parents=True, exist_ok=True)

DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
BASE_URL = env.str("BASE_URL", "http://localhost:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
ENABLE_ADMIN = env.bool("ENABLE_ADMIN", False)
# Adds the bare page to which tools/bench.py compares ours.
BENCH = env.bool("BENCH", False)
INTERNAL_IPS: list[str] = []

# Domain time (`dialogue.ledger.clock`) minus real time; only the demo lives on another date.
CLOCK_OFFSET = clock_offset(DEMO, DATA_DIR)

ROOMS = [
    "dialogue.ui",
    "dialogue.ledger",
    "dialogue.mailer",
    "dialogue.people",
    "dialogue.territories",
    "dialogue.contributions",
    "dialogue.chantiers",
    "dialogue.discussion",
    "dialogue.documents",
    "dialogue.deliverables",
    "dialogue.meetings",
    "dialogue.assembly",
    "dialogue.pacts",
    "dialogue.evaluation",
    "dialogue.restitution",
    "dialogue.logbook",
    "dialogue.search",
    "dialogue.archive",
    "dialogue.opendata",
    "dialogue.inbox",
    "dialogue.portal",
    "dialogue.demo",
]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "dialogue.people.proconnect",
    "rules",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "anymail",
]
if ENABLE_ADMIN:
    INSTALLED_APPS.append("django.contrib.admin")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Above WhiteNoise: style sheets leave compressed too where collectstatic has not compressed them beforehand.
    "compression_middleware.middleware.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dialogue.ui.middleware.FinishMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dialogue.ledger.clock.ClockMiddleware",
    "dialogue.people.middleware.PrivatePagesMiddleware",
    "dialogue.people.middleware.StaffSecondFactorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dialogue.ui.context.site",
                "dialogue.territories.context.department",
            ],
            "builtins": ["django.templatetags.static", "django.templatetags.i18n", "dialogue.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "dialogue.ui.forms.Renderer"
# "www.mairie.example" typed without a scheme is https (what Django 6 does by itself).
FORMS_URLFIELD_ASSUME_HTTPS = True

DATABASES = {"default": database(env.str("DATABASE_URL", ""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by every process: allauth's rate limits need it (docs/adr/0007).
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Paris")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": storage(env.str("STORAGE_URL", ""), DATA_DIR),
    "staticfiles": {"BACKEND": env.str("STATICFILES_STORAGE", "django.contrib.staticfiles.storage.StaticFilesStorage")},
}
WHITENOISE_USE_FINDERS = True
# Documents: the largest file, in bytes; what looks for viruses (docs/operations.md).
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", 25_000_000)
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", 100_000_000)
CLAMAV = env.str("CLAMAV", "")
# With S3-compatible storage: how long the signed address of a file lives, in seconds; 0 sends files through the server.
STORAGE_SIGNED_SECONDS = env.int("STORAGE_SIGNED_SECONDS", 60)
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# Sign-in -------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/mon-espace/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "dialogue.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "dialogue.people.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "dialogue.people.signup.Declaration"
ACCOUNT_FORMS = {"signup": "dialogue.people.signup_forms.SignupForm"}
SOCIALACCOUNT_FORMS = {"signup": "dialogue.people.signup_forms.SocialSignupForm"}
ACCOUNT_SIGNUP_REDIRECT_URL = "/mon-compte/attente/"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # seconds: mail may be slow
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # one address per person, replaced once the new one is proven
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter when the password, the address or a second factor changes
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Dialogue territorial"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True  # where `email_authentication` is on: ProConnect vouches for it
# The coordination must have a second factor (ASVS 5.0): with False, its pages say so; with True, nothing opens before.
REQUIRE_STAFF_MFA = env.bool("REQUIRE_STAFF_MFA", False)

# ProConnect: switched on by giving a client id (docs/operations.md).
PROCONNECT_CLIENT_ID = env.str("PROCONNECT_CLIENT_ID", "")
PROCONNECT_CLIENT_SECRET = env.str("PROCONNECT_CLIENT_SECRET", "")
PROCONNECT_SERVER = env.str("PROCONNECT_SERVER", "https://auth.agentconnect.gouv.fr/api/v2").rstrip("/")
if PROCONNECT_CLIENT_ID:
    SOCIALACCOUNT_PROVIDERS = {
        "proconnect": {
            "APPS": [
                {
                    "provider_id": "proconnect",
                    "name": "ProConnect",
                    "client_id": PROCONNECT_CLIENT_ID,
                    "secret": PROCONNECT_CLIENT_SECRET,
                    "settings": {"server": PROCONNECT_SERVER, "email_authentication": True},
                }
            ]
        }
    }

# Mail ----------------------------------------------------------------------
MAIL_DOMAIN = env.str("MAIL_DOMAIN", "dialogue.example" if DEMO else "localhost")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"dialogue@{MAIL_DOMAIN}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# From 20 h to 7 h and on Sundays, what can wait waits; the demonstration shows its mail at any hour.
QUIET_HOURS = env.bool("QUIET_HOURS", not DEMO)
MAIL_FOLDER = DATA_DIR / "mail"
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "dialogue.mailer.folder.FolderBackend" if DEMO or DEBUG else "dialogue.mailer.smtp.EmailBackend",
)
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20

# Mail in (docs/operations.md): LMTP from the local mail server, a mailbox that is polled, or a provider's webhook.
INBOX_LISTEN = env.str("INBOX_LISTEN", str(DATA_DIR / "lmtp" / "inbox.sock"))
INBOX_ADDRESSES = env.list("INBOX_ADDRESSES", [])  # other addresses whose mail reaches us: read by the coordination
INBOX_MAX_BYTES = 25_000_000
INBOX_IMAP_HOST = env.str("INBOX_IMAP_HOST", "")
INBOX_IMAP_PORT = env.int("INBOX_IMAP_PORT", 993)
INBOX_IMAP_SSL = env.bool("INBOX_IMAP_SSL", True)
INBOX_IMAP_USER = env.str("INBOX_IMAP_USER", "")
INBOX_IMAP_PASSWORD = env.str("INBOX_IMAP_PASSWORD", "")
INBOX_IMAP_FOLDER = env.str("INBOX_IMAP_FOLDER", "INBOX")
INBOX_IMAP_DONE = env.str("INBOX_IMAP_DONE", "")  # where read mails are moved; empty: they stay, marked as read
INBOX_WEBHOOK_SECRET = env.str("INBOX_WEBHOOK_SECRET", "")  # "user:password" of the provider's requests; empty: no webhook
ANYMAIL = {
    name: value
    for name, value in {
        "WEBHOOK_SECRET": INBOX_WEBHOOK_SECRET,
        "MAILGUN_API_KEY": env.str("MAILGUN_API_KEY", ""),
        "MAILGUN_WEBHOOK_SIGNING_KEY": env.str("MAILGUN_WEBHOOK_SIGNING_KEY", ""),
        "MAILGUN_API_URL": env.str("MAILGUN_API_URL", ""),
        "BREVO_API_KEY": env.str("BREVO_API_KEY", ""),
        "POSTMARK_SERVER_TOKEN": env.str("POSTMARK_SERVER_TOKEN", ""),
    }.items()
    if value
}

# Analysis of contributions ---------------------------------------------------
# Meaning-aware suggestions, where the optional package is installed (docs/operations.md): about 30 texts a second.
ANALYSIS_EMBEDDINGS = env.bool("ANALYSIS_EMBEDDINGS", not DEMO)

# Open data -------------------------------------------------------------------
# Requests a minute that one address may send to the API and the files; 0: no limit.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 300)
# Sites that may embed our lists (frame-ancestors of the content security policy).
EMBED_ANCESTORS = env.list("EMBED_ANCESTORS", ["*"])

# Background jobs -----------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Security ------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if env.bool("BEHIND_HTTPS_PROXY", HTTPS):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "dialogue.ui.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form may lead to ProConnect: browsers check the redirection that follows the post.
        "form-action": [SELF, *([PROCONNECT_SERVER.split("/api/")[0]] if PROCONNECT_CLIENT_ID else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY = {
    name: [] for name in ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
}

# Logs ----------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    # The LMTP server's: every line of every conversation, addresses included.
    "loggers": {"mail.log": {"level": "WARNING"}},
}
