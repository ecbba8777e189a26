"""What a person wrote in a mail, apart from what their mail reader added: quoted text, signature, disclaimers.

Made for the readers that French partners use (Outlook, Gmail, Apple, Thunderbird, Zimbra, Orange, Free, La Poste, Samsung…).
Nothing is thrown away: what is not new is `folded`. When in doubt, a line is new. Rules: docs/adr/0020.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Split:
    """`new`: what the person wrote; `folded`: the rest, in order. Every word of the mail is in one of them."""

    new: str
    folded: str


_DASHES = r"[-–—_]"
#: Our own cut line, quoted or not, in French or English, whatever a reader made of its dashes.
_CUT = re.compile(
    rf"^[>\s|]*(?:{_DASHES}\s*){{2,}}(?:Écrivez votre réponse au-dessus|Ecrivez votre reponse au-dessus|Write your reply above|Type your reply above).*$",
    re.IGNORECASE,
)
#: "Le mar. 14 nov. 2017 à 09:12, X <x@y> a écrit :", on one line or two, and its sisters.
_WROTE = re.compile(
    r"^[>\s]*(?:Le\b.{6,160}?\b(?:a|à)\s+[ée]crit\b.{0,60}?|On\b.{6,160}?\bwrote|Am\b.{6,160}?\bschrieb.{0,60}?|El\b.{6,160}?\bescribi[oó])\s*:?\s*$",
    re.IGNORECASE,
)
_WROTE_START = re.compile(r"^[>\s]*(?:Le\s+(?:\w{2,9}\.?,?\s+)?\d{1,2}|On\s+\w{3})", re.IGNORECASE)
#: "-----Message d'origine-----", "---- Message original ----", "Début du message transféré"…
_ORIGINAL = re.compile(
    rf"^[>\s]*(?:{_DASHES}{{2,}}\s*)?(?:Message d[’']origine|Message original|Original Message|Mail original|Courriel original|E-mail d[’']origine|"
    rf"Message transf[ée]r[ée]|D[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|Forwarded message|Message initial)\s*:?\s*(?:{_DASHES}{{2,}})?\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^[>\s*]*(?P<name>De|From|Exp[ée]diteur|Envoy[ée](?:\s+le)?|Sent|Date|[ÀA]|To|Cc|Objet|Subject|Sujet|Message du|Destinataires?|Pour|R[ée]pondre [àa])\s*[*]*\s*:[*\s]*(?P<value>.*)$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[-–—_=]{8,}\s*$")
_SENT_FROM = re.compile(
    r"^\s*(?:Envoy[ée]\s+(?:de(?:puis)?|[àa] partir de|via)\s+(?:mon|ma|l[’']|la|le|un|une|Outlook|Yahoo|Android|Samsung|Courrier|Proton|Gmail).{0,80}|"
    r"Sent from (?:my|Mail|Outlook|Samsung|Yahoo).{0,60}|T[ée]l[ée]charge(?:z|r) Outlook pour .{0,30}|Obtenez Outlook pour .{0,40}|Get Outlook for .{0,40}|"
    r"Provenance\s*:\s*Courrier.{0,40}|Garanti sans virus.{0,60}|Sans virus\..{0,60}|L[’']absence de virus dans ce courrier.{0,120}|"
    r"Cet? e-?mail a [ée]t[ée] v[ée]rifi[ée].{0,80}|Une messagerie gratuite, garantie.{0,80}|Mail envoy[ée] depuis .{0,60}|Message envoy[ée] depuis .{0,60})\s*$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"^\s*(?:Ce (?:message|courriel|courrier[^.]{0,30}|mail|m[ée]l)[^.]{0,60}(?:confidentiel|destin[ée]|[ée]tabli)|Les informations contenues dans ce|"
    r"(?:N[’']imprimez|Pensez [àa] l[’']environnement|Avant d[’']imprimer|Pour pr[ée]server l[’']environnement)|This (?:e-?mail|message) (?:and|is|may)|\*{3,}\s*$|"
    r"P\s+(?:Pensez|Avant))",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--\s?$")
#: A closing formula stays with what the person wrote; what follows it (name, function, telephone) is a signature when it looks like one.
_CLOSING = re.compile(
    r"^\s*(?:(?:bien\s+)?cordialement|tr[èe]s\s+cordialement|bien\s+[àa]\s+(?:vous|toi)|bonne\s+(?:journ[ée]e|soir[ée]e|r[ée]ception)|cdt|cdlt|salutations(?:\s+\w+)?|"
    r"sinc[èe]res\s+salutations|bien\s+amicalement|amicalement|merci\s+d[’']avance|[àa]\s+bient[ôo]t|respectueusement|sinc[èe]rement)\s*[,.!]?\s*$",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"(?:\+33|\b0\d)[\s.\d()-]{7,}|www\.|https?://|@|\b\d{5}\b|T[ée]l\b|Mobile|Portable|Fax|Standard\s*:", re.IGNORECASE
)
_LIST_FOOTER = re.compile(r"^\s*(?:_{10,}|-{10,})\s*$")
_MOST_CARD, _MOST_CARD_WIDTH = 14, 90


def split_reply(text: str) -> Split:
    """Parts a mail. Answers written between quoted lines stay with the lines they answer; text below the quote is new."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    fold = [False] * len(lines)
    start = _quote_start(lines)
    if start is not None:
        _fold_quote(lines, fold, start)
    _fold_quoted_lines(lines, fold)
    _fold_signature(lines, fold)
    new = _tidy("\n".join(line for line, folded in zip(lines, fold, strict=True) if not folded))
    folded = _tidy("\n".join(line for line, is_folded in zip(lines, fold, strict=True) if is_folded))
    return Split(new, folded)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n")


def _quote_start(lines: list[str]) -> int | None:
    """The first line of what the mail reader quoted."""
    for n, line in enumerate(lines):
        if _CUT.match(line):
            return _with_introduction(lines, n)
        if _ORIGINAL.match(line) or _WROTE.match(line):
            return n
        if _WROTE_START.match(line) and n + 1 < len(lines) and _WROTE.match(f"{line.strip()} {lines[n + 1].strip()}"):
            return n
        if _WROTE_START.match(line) and n + 2 < len(lines) and _WROTE.match(" ".join(part.strip() for part in lines[n : n + 3])):
            return n
        if _is_block_of_fields(lines, n):
            above = next((m for m in range(n - 1, -1, -1) if lines[m].strip()), None)
            return above if above is not None and _RULE.match(lines[above]) else n
    return None


def _with_introduction(lines: list[str], n: int) -> int:
    """A cut line that nothing introduces: whatever quotes it begins a little before ("> ", "De : …")."""
    while n and (lines[n - 1].lstrip().startswith(">") or not lines[n - 1].strip()):
        n -= 1
    return n


def _is_block_of_fields(lines: list[str], n: int) -> bool:
    """« De : … Envoyé : … À : … Objet : … », in this order or another, on following lines or on one."""
    first = _FIELD.match(lines[n])
    if first is None or first["name"].lower() not in {
        "de",
        "from",
        "expéditeur",
        "expediteur",
        "date",
        "envoyé",
        "envoye",
        "sent",
        "message du",
    }:
        return False
    names = {match["name"].lower()[:3] for line in lines[n : n + 8] if (match := _FIELD.match(line))}
    on_one_line = len(re.findall(r"\b(?:De|Envoy[ée]|[ÀA]|Objet|From|Sent|To|Subject)\s*:", lines[n])) >= 3
    return len(names) >= 3 or on_one_line


def _fold_quote(lines: list[str], fold: list[bool], start: int) -> None:
    """Everything from there is quoted, except answers among quoted lines and what stands below them."""
    quoted = [n for n in range(start, len(lines)) if lines[n].lstrip().startswith((">", "|"))]
    if not quoted:
        fold[start:] = [True] * (len(lines) - start)
        return
    first, last = quoted[0], quoted[-1]
    inside = [n for n in range(first, last) if lines[n].strip() and not lines[n].lstrip().startswith((">", "|"))]
    if _is_answered_inline(lines, inside):
        return  # the quoted lines stay with their answers
    for n in range(start, last + 1):
        fold[n] = True
    rest = [n for n in range(last + 1, len(lines)) if lines[n].strip()]
    if rest and _looks_quoted_below(lines, rest):
        for n in rest:
            fold[n] = True


def _is_answered_inline(lines: list[str], inside: list[int]) -> bool:
    """Lines of one's own between quoted ones; a quoted line that was merely cut in two is not."""
    own = [n for n in inside if len(lines[n].split()) > 2 or lines[n].rstrip().endswith((".", "!", "?"))]
    apart = [
        n
        for n in own
        if not (lines[n - 1].lstrip().startswith((">", "|")) and len(lines[n - 1]) > 60 and lines[n - 1].rstrip()[-1:].isalnum())
    ]
    return bool(apart)


def _looks_quoted_below(lines: list[str], rest: list[int]) -> bool:
    """Only the mail reader's own footers follow."""
    return all(_SENT_FROM.match(lines[n]) or _LIST_FOOTER.match(lines[n]) for n in rest)


def _fold_quoted_lines(lines: list[str], fold: list[bool]) -> None:
    """A trailing or leading block of "> " without any introduction."""
    shown = [n for n in range(len(lines)) if not fold[n] and lines[n].strip()]
    is_quoted = {n: lines[n].lstrip().startswith(">") for n in shown}
    own = [n for n in shown if not is_quoted[n]]
    if not own:
        for n in shown:
            fold[n] = True
        return
    between = [n for n in shown if is_quoted[n] and own[0] < n < own[-1]]
    if not between:
        for n in shown:
            if is_quoted[n]:
                fold[n] = True


def _fold_signature(lines: list[str], fold: list[bool]) -> None:
    """« -- », "Envoyé de mon iPhone", disclaimers, and the card that follows a closing formula."""
    shown = [n for n in range(len(lines)) if not fold[n]]
    for place, n in enumerate(shown):
        line = lines[n]
        if _SIGNATURE.match(line) or _DISCLAIMER.match(line):
            if place and any(lines[m].strip() for m in shown[:place]) and not _goes_on(lines, shown[place + 1 :], line):
                _fold_all(fold, shown[place:])
                return
        elif _SENT_FROM.match(line):
            fold[n] = True
            if place and _RULE.match(lines[shown[place - 1]]):
                fold[shown[place - 1]] = True
        elif _LIST_FOOTER.match(line) and place and len([m for m in shown[place:] if lines[m].strip()]) <= 6:
            _fold_all(fold, shown[place:])
            return
        elif _CLOSING.match(line):
            card = [m for m in shown[place + 1 :] if lines[m].strip() and not fold[m]]
            if card and _is_card(lines, card):
                _fold_all(fold, shown[place + 1 :])
                return
    _fold_bare_card(lines, fold)


def _goes_on(lines: list[str], rest: list[int], line: str) -> bool:
    """After "-- " a signature is short; a long text is not one."""
    return bool(_SIGNATURE.match(line)) and len([n for n in rest if lines[n].strip()]) > 25


def _fold_all(fold: list[bool], places: list[int]) -> None:
    for n in places:
        fold[n] = True


def _is_card(lines: list[str], card: list[int]) -> bool:
    """Name, function, organisation, telephone: short lines, few, and one of them an address or a number; or a mere name."""
    words = [lines[n].strip() for n in card]
    if len(words) > _MOST_CARD and not any(_DISCLAIMER.match(word) for word in words):
        return False
    if any(len(word) > _MOST_CARD_WIDTH and not _DISCLAIMER.match(word) for word in words[:4]):
        return False
    return any(_CARD.search(word) for word in words) or (
        len(words) >= 2 and all(len(word) < 50 and not word.endswith((".", "?", "!")) for word in words)
    )


def _fold_bare_card(lines: list[str], fold: list[bool]) -> None:
    """A card that no formula introduces: the last paragraph, when most of it is numbers and addresses."""
    shown = [n for n in range(len(lines)) if not fold[n]]
    while shown and not lines[shown[-1]].strip():
        shown.pop()
    block: list[int] = []
    for n in reversed(shown):
        if not lines[n].strip():
            break
        block.insert(0, n)
    if len(block) == len([n for n in shown if lines[n].strip()]) or len(block) < 3 or len(block) > 8:
        return
    if sum(bool(_CARD.search(lines[n])) for n in block) * 2 >= len(block) and all(
        len(lines[n]) < _MOST_CARD_WIDTH for n in block
    ):
        _fold_all(fold, block)


# HTML ------------------------------------------------------------------------------------------------------------------

_BLOCKS = {
    "p",
    "div",
    "br",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "table",
    "section",
    "article",
    "header",
    "footer",
    "pre",
    "hr",
    "dl",
    "dt",
    "dd",
}
_HIDDEN = {"script", "style", "head", "title", "noscript", "template", "svg", "object", "iframe"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source"}
#: Marks of quoted text in HTML: the class or id of the element that holds it.
_QUOTE_MARKS = re.compile(
    r"gmail_quote|yahoo_quoted|moz-cite|protonmail_quote|zmail_extra|divRplyFwdMsg|appendonsend|ms-outlook-mobile-reference|replyheader|orange-quote",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|max-height\s*:\s*0", re.IGNORECASE)
_DEEPEST = 400


class _Reader(HTMLParser):
    """Blocks become lines; quoted blocks get "> " so that one set of rules parts plain and HTML mails."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.stack: list[tuple[str, bool, bool]] = []
        self.hidden = 0
        self.quotes = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        hides = tag in _HIDDEN or bool(_HIDDEN_STYLE.search(given.get("style", "")))
        quotes = tag == "blockquote" and (
            "cite" in given.get("type", "") or bool(_QUOTE_MARKS.search(given.get("class", ""))) or self.quotes > 0
        )
        if tag in _BLOCKS or tag in {"blockquote", "li"}:
            self._break()
        if tag == "li" and not self.hidden:
            self._write("- ")
        if tag == "a":
            self.link = given.get("href", "")
        if tag == "img" and not self.hidden and len(alt := given.get("alt", "").strip()) > 1:
            self._write(f"[{alt}]")
        if tag in _VOID or len(self.stack) > _DEEPEST:
            return
        self.stack.append((tag, hides, quotes))
        self.hidden += hides
        self.quotes += quotes
        if quotes:
            self._fresh()

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link:
            address, self.link = self.link.removeprefix("mailto:"), ""
            if not self.hidden and address.startswith(("http://", "https://")) and address.rstrip("/") not in self.lines[-1]:
                self._write(f" ({address})")
        if all(open_tag != tag for open_tag, _hides, _quotes in self.stack):
            return
        while self.stack:
            open_tag, hides, quotes = self.stack.pop()
            self.hidden -= hides
            self.quotes -= quotes
            if open_tag == tag:
                break
        if tag in _BLOCKS or tag in {"blockquote", "li"}:
            self._break()
        if tag == "p" and not self.hidden:
            self.lines.append(self._prefix())
        if tag in {"td", "th"}:
            self._write(" ")

    def handle_data(self, data: str) -> None:
        words = re.sub(r"[\s\u200b\ufeff]+", " ", data.replace("\xa0", " "))
        if words.strip() or (words and not self.lines[-1].endswith(" ")):
            self._write(words)

    def _prefix(self) -> str:
        return "> " * min(self.quotes, 5)

    def _write(self, words: str) -> None:
        if not self.hidden:
            line = self.lines[-1]
            self.lines[-1] = line + (words.lstrip() if not line.strip("> ") and not words.startswith("- ") else words)

    def _break(self) -> None:
        if self.lines[-1].strip("> "):
            self.lines.append(self._prefix())
        else:
            self.lines[-1] = self._prefix()

    def _fresh(self) -> None:
        self._break()


def text_of_html(html: str) -> str:
    """The words of an HTML mail, as lines; scripts, styles, comments and what is hidden left out. Never raises."""
    reader = _Reader()
    reader.feed(re.sub(r"<!--.*?-->|<!\[.*?\]>|<\?.*?>", "", html, flags=re.DOTALL))
    reader.close()
    return _tidy("\n".join(line.rstrip() for line in reader.lines))
