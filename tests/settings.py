"""The settings of the tests: the real ones, read in an environment of their own.

Nothing of a test run may touch the data of the checkout nor depend on the variables of whoever runs it (DATABASE_URL apart).
"""

import os
import tempfile
from pathlib import Path

DATA_HOME = tempfile.TemporaryDirectory(prefix="dialogue-tests-")  # removed with the process
(Path(DATA_HOME.name) / "static").mkdir()
for name in (
    "ALLOWED_HOSTS",
    "BENCH",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_BACKEND",
    "ENABLE_ADMIN",
    "MAIL_DOMAIN",
    "PROCONNECT_CLIENT_ID",
    "STATICFILES_STORAGE",
    "TRUSTED_PROXY_COUNT",
):
    os.environ.pop(name, None)
os.environ |= {"DATA_DIR": DATA_HOME.name, "SECRET_KEY": "tests-only", "DEMO": "0", "BASE_URL": "http://localhost:8000"}
# Playwright's synchronous door runs an event loop in the test's own thread; Django would refuse its own queries there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
url = os.environ.get("DATABASE_URL", "")
if url and "pool=" not in url:
    # Connections resting in a pool would forbid the removal of the test database.
    os.environ["DATABASE_URL"] = url + ("&" if "?" in url else "?") + "pool=0"

from config.settings import *  # noqa: E402, F403

# Tests are run at night and on Sundays too; those of silent hours say so.
QUIET_HOURS = False
# The real hashing costs a tenth of a second on purpose; the real cache asks queries.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # Nobody pulls the plug on a test database: commits need not wait for the disk.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"  # noqa: F405
