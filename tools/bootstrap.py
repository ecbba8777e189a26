"""Installs the project in its own checkout: a private uv in .uvenv, the locked packages in .venv.

    python3 tools/bootstrap.py run    what serving needs
    python3 tools/bootstrap.py dev    the tests' and linters' packages too

Standard library only; needs python3 >= 3.11 and a way to the package registry, no root. What is already in step with
uv.lock is left alone (a stamp in .venv says so), so a second call takes no time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = "0.9.30"
OLDEST = (3, 11)
PRIVATE = ROOT / ".uvenv"
VENV = ROOT / ".venv"


def main(kind):
    use_a_recent_python()
    wanted = fingerprint()
    if kind in stamped(wanted):
        return
    started = time.monotonic()
    say("Installation dans ce dossier (une fois, quelques dizaines de secondes)…")
    uv = find_uv()
    sync(uv, kind)
    precompile()
    # The packages of `run` are part of `dev`.
    stamp_file().write_text("\n".join([wanted, *sorted({"run", kind})]), encoding="ascii")
    say(f"Installation faite en {time.monotonic() - started:.0f} s.")


def say(line):
    print(f"• {line}", flush=True)


def fail(line):
    print(f"✗ {line}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def use_a_recent_python():
    """Goes on in a newer Python of the machine when this one is too old."""
    if sys.version_info >= OLDEST:
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        other = shutil.which(name)
        if other:
            os.execv(other, [other, *sys.argv])
    fail("Il faut Python 3.11 ou plus récent (celui-ci : " + sys.version.split()[0] + "). Indiquez-le : make PYTHON=python3.12 …")


def fingerprint():
    """What the installation depends on: the lock, the private uv, the Python that runs."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    digest.update(f"{UV} {sys.version} {ROOT}".encode())
    return digest.hexdigest()


def stamp_file():
    return VENV / ".in-step"


def stamped(wanted):
    """The kinds already installed for this fingerprint."""
    if not stamp_file().exists() or not (VENV / "bin" / "python").exists():
        return set()
    found, *kinds = stamp_file().read_text(encoding="ascii").splitlines()
    return set(kinds) if found == wanted else set()


def find_uv():
    """The pinned uv: the private one, made now if need be."""
    private = PRIVATE / "bin" / "uv"
    if private.exists() and run_quietly([private, "--version"]).stdout.startswith(f"uv {UV}"):
        return private
    say(f"Préparation de l’installateur (uv {UV})…")
    made = run_quietly([sys.executable, "-m", "venv", PRIVATE])
    if made.returncode == 0:
        pip = [PRIVATE / "bin" / "python", "-m", "pip"]
        got = run_quietly([*pip, "install", "--quiet", "--disable-pip-version-check", f"uv=={UV}"])
    else:
        # Some systems part venv's pip from Python: their own pip can install beside.
        shutil.rmtree(PRIVATE, ignore_errors=True)
        got = run_quietly([sys.executable, "-m", "pip", "install", "--quiet", "--target", PRIVATE, f"uv=={UV}"])
        if got.returncode != 0 and "No module named pip" in got.stderr:
            fail("Ce Python n’a ni venv ni pip. Installez le paquet python3-venv de votre système, puis recommencez.")
    if got.returncode != 0 or not private.exists():
        fail("uv n’a pas pu être installé :\n" + (got.stderr or got.stdout).strip())
    return private


def sync(uv, kind):
    say("Installation des bibliothèques de uv.lock…")
    environment = dict(os.environ, UV_PROJECT_ENVIRONMENT=str(VENV), UV_PYTHON_DOWNLOADS="never")
    environment.pop("VIRTUAL_ENV", None)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    if "UV_CACHE_DIR" not in environment and not writable(home):
        environment["UV_CACHE_DIR"] = str(ROOT / ".uv-cache")
    command = [uv, "sync", "--frozen", "--no-progress", "--compile-bytecode", "--python", sys.executable]
    # --inexact: serving after having tested does not remove the tests' packages.
    command += ["--no-dev", "--inexact"] if kind == "run" else []
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        fail("L’installation des bibliothèques a échoué : vérifiez l’accès au registre de paquets, puis recommencez.")


def precompile():
    """Byte code of our own code too: start-up is faster where Python may not write it later."""
    run_quietly([VENV / "bin" / "python", "-m", "compileall", "-q", ROOT / "config", ROOT / "dialogue"])


def writable(folder):
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK)


def run_quietly(command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, cwd=ROOT)


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["dev"]):
        fail("usage : python3 tools/bootstrap.py run|dev")
    main(sys.argv[1])
