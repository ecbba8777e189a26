"""What this machine has for the tests: a PostgreSQL server, a Chromium, a checker of EPUB."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LOCAL_SERVER = "postgres://postgres@127.0.0.1:5432/dialogue"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def postgresql() -> tuple[str, str]:
    """(address, "") of a server that answers, or ("", why not): DATABASE_URL's, else the one of this machine."""
    import psycopg

    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        url = LOCAL_SERVER
    server = url.split("?", maxsplit=1)[0].rsplit("/", 1)[0] + "/postgres"
    try:
        with psycopg.connect(server.replace("postgres://", "postgresql://", 1), connect_timeout=3) as connection:
            (may_create,) = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone() or (False,)
    except psycopg.Error as error:
        return "", f"aucun serveur PostgreSQL ne répond à {server.rsplit('@', 1)[-1]} ({str(error).strip().splitlines()[0]})"
    return (url, "") if may_create else ("", "ce compte PostgreSQL ne peut pas créer de base")


def chromium() -> tuple[str, str]:
    """(path, "") of a Chromium, or ("", why not): CHROMIUM's, else one of the PATH, else Playwright's own."""
    given = os.environ.get("CHROMIUM", "")
    for name in (given, *CHROMIUM_NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found, ""
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    for found_path in sorted(home.glob("chromium*/chrome-linux*/*chrom*")):
        if os.access(found_path, os.X_OK) and found_path.is_file():
            return str(found_path), ""
    return "", "Chromium est introuvable (installez-le, ou indiquez-le : CHROMIUM=/chemin make test)"


def epubcheck() -> tuple[list[str], str]:
    """(command, "") that checks an EPUB, or ([], why not): the Java archive of Debian, else `epubcheck` of the PATH."""
    archive = Path("/usr/share/java/epubcheck.jar")
    if archive.exists() and (java := shutil.which("java")):
        return [java, "-jar", str(archive)], ""
    if found := shutil.which("epubcheck"):
        return [found], ""
    return [], "epubcheck est introuvable (installez le paquet epubcheck)"
