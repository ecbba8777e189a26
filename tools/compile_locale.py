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


def french_plurals(english: Path) -> bytes:
    """The French catalogue holds the plural sentences alone, word for word: French says the singular for zero."""
    french = polib.POFile()
    french.metadata = {
        "Language": "fr",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    for entry in polib.pofile(str(english)):
        if entry.msgid_plural and not entry.obsolete:
            forms = {0: entry.msgid, 1: entry.msgid_plural}
            french.append(
                polib.POEntry(msgctxt=entry.msgctxt, msgid=entry.msgid, msgid_plural=entry.msgid_plural, msgstr_plural=forms)
            )
    return (str(french).rstrip() + "\n").encode()


def main(arguments: list[str]) -> int:
    late = []
    french = ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    wanted = french_plurals(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po")
    if not french.exists() or french.read_bytes() != wanted:
        late.append(french)
        if "--check" not in arguments:
            french.parent.mkdir(parents=True, exist_ok=True)
            french.write_bytes(wanted)
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
