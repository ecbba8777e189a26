"""Typed reading of the environment: every setting an operator may change is read here, once.

`docs/operations.md` lists the variables with their defaults.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from environs import Env

env = Env()

SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE: a transaction that will write takes the lock at once; DEFERRED ones fail half-way under load.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # synchronous=FULL: a minutes register must survive a power cut after the answer was given (docs/adr/0006).
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
    ),
}


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """One Django DATABASES entry from `url` (`postgres://user:pass@host:port/name` or `sqlite:///path`).

    An empty `url` means SQLite in `data_dir`. Raises ValueError on any other scheme.
    """
    if not url:
        url = f"sqlite:///{data_dir / 'dialogue.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "config.sqlite",
            "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path,
            "OPTIONS": dict(SQLITE_OPTIONS),
            # Tests in a file too: a database in memory refuses two threads that write, so no race could be tested.
            "TEST": {"NAME": str(data_dir / "tests.sqlite3")},
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL: unknown scheme {parts.scheme!r} (sqlite or postgres)")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    pool = options.pop("pool", "1")
    if pool != "0":
        # A pool, not persistent connections: the server's threads would each keep one for ever (docs/adr/0005).
        options["pool"] = {"min_size": 2, "max_size": 8}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }


def storage(url: str, data_dir: Path) -> dict[str, Any]:
    """Where documents are kept: `data_dir/files` when `url` is empty, else S3-compatible storage.

    `s3://key:secret@host/bucket?region=…` (https), `s3+http://…` on a trusted network. Raises ValueError on another scheme.
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": data_dir / "files"}}
    parts = urlsplit(url)
    if parts.scheme not in {"s3", "s3+http"}:
        raise ValueError(f"STORAGE_URL: unknown scheme {parts.scheme!r} (s3 or s3+http)")
    options = dict(parse_qsl(parts.query))
    port = f":{parts.port}" if parts.port else ""
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "bucket_name": parts.path.strip("/"),
            "endpoint_url": f"{'http' if parts.scheme == 's3+http' else 'https'}://{parts.hostname}{port}",
            "region_name": options.get("region", "us-east-1"),
            # Files are read through our own doors, which ask who reads; nothing is public, nothing is replaced.
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }


def secret_key(data_dir: Path) -> str:
    """SECRET_KEY from the environment, else one made once and kept, readable by its owner alone, in `data_dir`."""
    given = env.str("SECRET_KEY", "")
    if given:
        return given
    file = data_dir / "secret-key"
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f"secret-key.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        # The server and the worker start together: the first whole key stays, nobody ever reads a half-written one.
        with suppress(OSError):  # it is there already, or the file system knows no links
            file.hardlink_to(draft)
        draft.unlink() if file.exists() else draft.rename(file)
    return file.read_text(encoding="ascii").strip()


def clock_offset(demo: bool, data_dir: Path) -> timedelta:
    """How far domain time is from real time: zero, except in demo mode.

    `load_demo` writes `demo.json` ({"reference": ISO datetime, "started": ISO datetime}); the demo starts at
    `reference` and runs from there at the real pace.
    """
    file = data_dir / "demo.json"
    if not demo or not file.exists():
        return timedelta()
    kept = json.loads(file.read_text(encoding="utf-8"))
    return datetime.fromisoformat(kept["reference"]) - datetime.fromisoformat(kept["started"])
