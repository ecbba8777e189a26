"""How well the new text of mails is found (`make bench-mail`): on the mails of tests/mails, beside two simpler ways.

`tests/mails/*.eml` were at hand when the rules were written; those of `tests/mails/held_out` were written after the rules were
frozen, and are counted apart: the rules must not be fitted to them.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dialogue.language import mime

MAILS = Path(__file__).resolve().parent.parent / "tests" / "mails"
TARGET = 95
#: Beyond so many, misses are counted, not named.
NAMED = 5
_WORD = re.compile(r"[^\W_]+")
_CUT = re.compile(r"^(?:>|-----|____|--\s*$|Le .*[ée]crit|De\s?:|From\s?:)")

Way = Callable[[mime.Message], str]


@dataclass(frozen=True)
class Fixture:
    name: str
    raw: bytes
    new: str


def fixtures(folder: Path) -> list[Fixture]:
    """The mails of a folder (not below), each with its expected new text."""
    return [
        Fixture(file.stem, file.read_bytes(), file.with_suffix(".txt").read_text(encoding="utf-8").rstrip("\n"))
        for file in sorted(folder.glob("*.eml"))
    ]


def first_mark(message: mime.Message) -> str:
    """The usual short cut: everything above the first line that looks like a quote or a signature."""
    kept: list[str] = []
    for line in message.text.split("\n"):
        if _CUT.match(line.strip()):
            break
        kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


WAYS: dict[str, Way] = {
    "all of the text": lambda message: message.text.strip(),
    "above the first mark": first_mark,
    "ours": lambda message: message.split().new,
}


def exact(found: list[Fixture], way: Way) -> list[str]:
    """The names of the mails of which this way does not give exactly the new text."""
    return [one.name for one in found if way(mime.read(one.raw)) != one.new]


def lost(one: Fixture) -> Counter[str]:
    """The words of the text that are neither in the new text nor in the folded one."""
    message = mime.read(one.raw)
    split = message.split()
    return Counter(_WORD.findall(message.text)) - Counter(_WORD.findall(split.new)) - Counter(_WORD.findall(split.folded))


def milliseconds(one: Fixture) -> float:
    best = min(_timed(one) for _ in range(3))
    return best * 1000


def _timed(one: Fixture) -> float:
    start = time.perf_counter()
    mime.read(one.raw).split()
    return time.perf_counter() - start


def report(title: str, folder: Path) -> bool:
    """Print the figures of one folder; True when they meet the target."""
    found = fixtures(folder)
    say(f"\n{title}: {len(found)} mails\n")
    say(f"{'way':<22} {'exactly the new text':>22}   misses")
    misses: list[str] = []
    for name, way in WAYS.items():
        misses = exact(found, way)
        right = len(found) - len(misses)
        shown = ", ".join(misses) if len(misses) <= NAMED else f"{len(misses)} mails"
        say(f"{name:<22} {right:>4} of {len(found):>3} {100 * right / len(found):>9.1f} %   {shown}")
    whole = sum(not lost(one) for one in found)
    times = sorted(milliseconds(one) for one in found)
    say(f"all words kept         {whole:>4} of {len(found):>3} {100 * whole / len(found):>9.1f} %")
    say(f"time per mail          median {statistics.median(times):.2f} ms, longest {times[-1]:.2f} ms")
    return 100 * (len(found) - len(misses)) >= TARGET * len(found) and whole == len(found)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    """0 when both sets meet the target."""
    known = report("Mails at hand when the rules were written", MAILS)
    unseen = report("Held out: written after the rules were frozen", MAILS / "held_out")
    return 0 if known and unseen else 1


if __name__ == "__main__":
    sys.exit(main())
