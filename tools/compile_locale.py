"""Compiles locale/*/LC_MESSAGES/*.po, without gettext on the machine; `--check` says which .mo are not in step.

The .mo are kept in git: an installation needs neither gettext nor the development packages to speak English.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compiled(source: Path) -> bytes:
    return bytes(polib.pofile(str(source)).to_binary())


def main(arguments: list[str]) -> int:
    late = []
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != compiled(source):
            late.append(target)
            if "--check" not in arguments:
                target.write_bytes(compiled(source))
    for target in late:
        print(f"{target.relative_to(ROOT)} : {'à recompiler' if '--check' in arguments else 'compilé'}")
    return 1 if late and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
