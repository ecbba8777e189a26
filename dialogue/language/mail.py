"""What a person typed in a mail, apart from what it quotes and from what ends it (docs/adr/0020). Pure Python, no Django.

Nothing is lost: every word of the mail is in `new` or in `folded`. In doubt, it is in `new`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogue.language import quoting, signing
from dialogue.language.charsets import clean
from dialogue.language.markup import text_of_html

__all__ = ["Split", "split_reply", "text_of_html"]

#: A quote of so many lines, without a word of introduction, was cut by its author to what is answered.
_SHORT_QUOTE = 8
_SPACES = re.compile("[\u00a0\u202f\u2007\u2009]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\u00ad]")
_BESIDE = re.compile(
    r"reponses?\b.{0,40}\b(?:ci-dessous|ci-apres|dans le (?:texte|corps|message|mail)|dans votre|en (?:rouge|bleu|vert"
    r"|gras|couleur|italique))"
    r"|\b(?:je (?:vous )?reponds|repondu|voir|cf\.?)\b.{0,30}\b(?:ci-dessous|dans le (?:texte|corps|message|mail)"
    r"|en (?:rouge|bleu|vert|gras))",
    re.IGNORECASE,
)
_WRAPPED_AT, _ORPHAN = 60, 40


@dataclass(frozen=True)
class Split:
    """`new`: what is published. `folded`: quotes, signature, notices, in the order of the mail, one click away."""

    new: str
    folded: str


@dataclass
class _Run:
    """Lines of one nature, from `start` to `end` (excluded): "text", "quote" (lines in >), "intro", "rest", "forward"."""

    nature: str
    start: int
    end: int


def split_reply(text: str, *, author: str = "", forwarded: bool = False) -> Split:
    """Part a mail. `author` is the sender's name, if known (it helps to see a signature); `forwarded`: the mail was passed on,
    so that what it carries is what its sender wanted to show. Never raises.
    """
    lines = _INVISIBLE.sub("", _SPACES.sub(" ", clean(text))).split("\n")
    plain = [quoting.plain(line) for line in lines]
    _mend_wrapped_quotes(lines, plain)
    runs = _runs(plain)
    folded = _folded(plain, runs, author, forwarded=forwarded)
    return Split(_joined(lines, folded, keep=False), _joined(lines, folded, keep=True))


def _mend_wrapped_quotes(lines: list[str], plain: list[str]) -> None:
    """A quoted line too long for the program that sends it loses the > of its end: it is put back."""
    for place in range(1, len(lines) - 1):
        line, before, after = plain[place], plain[place - 1], plain[place + 1]
        if (
            line
            and not quoting.is_quoted(line)
            and quoting.is_quoted(before)
            and quoting.is_quoted(after)
            and len(before) >= _WRAPPED_AT
            and len(line) <= _ORPHAN
            and line[0].islower()
            and before[-1] not in ".?!:"
        ):
            lines[place], plain[place] = f"> {lines[place].strip()}", f"> {line}"


def _runs(plain: list[str]) -> list[_Run]:
    """The natures of the lines, in order; blank lines belong to the run before them."""
    runs: list[_Run] = []
    place = 0
    while place < len(plain):
        if not plain[place]:
            _extend(runs, runs[-1].nature if runs else "text", place, place + 1)
            place += 1
        elif quoting.is_quoted(plain[place]):
            _extend(runs, "quote", place, place + 1)
            place += 1
        else:
            mark = quoting.mark_at(plain, place)
            if mark is None:
                _extend(runs, "text", place, place + 1)
                place += 1
                continue
            runs.append(_Run("forward" if mark.kind == "forward" else "intro", place, mark.end))
            place = mark.end
            below = next((line for line in plain[place:] if line), "")
            if mark.kind == "forward" or not quoting.is_quoted(below):
                # Quoted without a mark before each line: to the end.
                runs.append(_Run("forward" if mark.kind == "forward" else "rest", place, len(plain)))
                break
    return runs


def _extend(runs: list[_Run], nature: str, start: int, end: int) -> None:
    if runs and runs[-1].nature == nature:
        runs[-1].end = end
    else:
        runs.append(_Run(nature, start, end))


def _folded(plain: list[str], runs: list[_Run], author: str, *, forwarded: bool) -> set[int]:
    """The lines that are not new."""
    folded: set[int] = set()
    texts = [run for run in runs if run.nature == "text" and any(plain[run.start : run.end])]
    for run in texts:
        if run is texts[-1] or _is_followed_by_history(runs, run):
            folded |= {run.start + place for place in signing.folded_lines(plain[run.start : run.end], author)}
        else:
            folded |= {place for place in range(run.start, run.end) if signing.is_device(plain[place])}
    said = [run for run in texts if any(plain[place] and place not in folded for place in range(run.start, run.end))]
    for run in runs:
        if run.nature == "intro" or (run.nature == "rest" and not _answers_beside(plain, said)):
            folded |= set(range(run.start, run.end))
    rest = [run for run in runs if run.nature in {"rest", "intro"}]
    if forwarded and not any(run.nature == "quote" for run in runs):
        for run in rest:
            folded -= set(range(run.start, run.end))
    _fold_quotes(plain, runs, said, folded)
    return folded


def _is_followed_by_history(runs: list[_Run], run: _Run) -> bool:
    following = runs[runs.index(run) + 1 :]
    return bool(following) and following[0].nature in {"intro", "rest", "forward"}


def _answers_beside(plain: list[str], said: list[_Run]) -> bool:
    """ "Mes réponses en rouge ci-dessous": nothing tells them from the quote, all of it stays."""
    words = " ".join(line for run in said for line in plain[run.start : run.end])
    return len(words) <= 600 and bool(_BESIDE.search(words))  # noqa: PLR2004 (a few lines that announce, not a long text)


def _fold_quotes(plain: list[str], runs: list[_Run], said: list[_Run], folded: set[int]) -> None:
    """Quotes go, except what the answers between their lines answer."""
    quotes = [run for run in runs if run.nature == "quote"]
    if not quotes:
        return
    below = [run for run in said if run.start > quotes[0].start]
    is_inline = bool(below) and (
        len(below) > 1
        or any(quote.start > below[0].start and _says(plain, quote) for quote in quotes)
        or (said[0].start < quotes[0].start)
        or (_has_no_intro(plain, runs, quotes[0]) and quotes[0].end - quotes[0].start <= _SHORT_QUOTE)
    )
    for quote in quotes:
        following = runs[runs.index(quote) + 1 :]
        answer = next((run for run in following if run.nature != "quote"), None)
        kept = _answered(plain, quote) if is_inline and answer in said else quote.end
        folded |= set(range(quote.start, kept))


def _says(plain: list[str], quote: _Run) -> bool:
    return any(line.strip("> ") for line in plain[quote.start : quote.end])


def _has_no_intro(plain: list[str], runs: list[_Run], quote: _Run) -> bool:
    before = runs[: runs.index(quote)]
    if before and before[-1].nature == "intro":
        return False
    bare = [line.lstrip("> ") for line in plain[quote.start : quote.end]]
    return not any(quoting.mark_at(bare, place) for place in range(len(bare)))


def _answered(plain: list[str], quote: _Run) -> int:
    """Where begins, in a quote, what the lines below it answer: all of a short one, the last paragraph of a long one.

    The marks that a program quotes with the rest ("> Message du 14/11/17…") are no part of it.
    """
    bare = [line.lstrip("> ") for line in plain[quote.start : quote.end]]
    start = 0
    for place in range(len(bare)):
        mark = quoting.mark_at(bare, place)
        if mark is not None:
            start = max(start, mark.end)
    while start < len(bare) and not bare[start]:
        start += 1
    end = len(bare)
    while end > start and not bare[end - 1]:
        end -= 1
    if end - start > _SHORT_QUOTE:
        blank = next((place for place in range(end - 1, start, -1) if not bare[place]), start - 1)
        start = blank + 1
    return quote.start + start


def _joined(lines: list[str], folded: set[int], *, keep: bool) -> str:
    """The lines in or out of `folded`, a blank line where others were taken out, never two in a row."""
    kept: list[str] = []
    gap = False
    for place, line in enumerate(lines):
        if (place in folded) is not keep:
            gap = gap or bool(kept)
            continue
        words = line.rstrip()
        if not words or gap:
            gap = False
            if kept and kept[-1]:
                kept.append("")
        if words:
            kept.append(words)
    return "\n".join(kept).strip()
