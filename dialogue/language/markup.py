"""`text_of_html`: the HTML of a mail as plain text that reads well, quotes marked with ``>`` as in a plain mail.

Nothing of the page is ever shown or run: scripts, styles, comments and what is hidden go. Links stay as "texte (adresse)".
Pure Python, no Django; never raises.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from dialogue.language.charsets import clean

#: What the text versions of Outlook write above the mail that is answered.
RULE = "_" * 32
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table", "blockquote"])
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
_DROPPED = frozenset(
    [
        "script",
        "style",
        "title",
        "template",
        "noscript",
        "object",
        "applet",
        "iframe",
        "audio",
        "video",
        "canvas",
        "svg",
        "math",
        "select",
        "datalist",
    ]
)
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em|%)?(?:;|$|!)|opacity:0(?:\.0+)?(?:;|$|!)"
    r"|max-height:0(?:px)?(?:;|$|!)"
)
_QUOTE_CLASS = re.compile(r"(?:^|\s)(?:gmail_quote|yahoo_quoted|protonmail_quote|tutanota_quote|moz-email-quote|cite)(?:\s|$)")
#: Above the mail that is answered, in the programs that mark it otherwise than by a blockquote.
_SEPARATOR = re.compile(
    r"(?:divRplyFwdMsg|OLK_SRC_BODY_SECTION|mail-editor-reference-message|appendonsend-|zwchr)", re.IGNORECASE
)
_OUTLOOK_RULE = re.compile(r"border:none;border-top:solid#(?:b5c4df|e1e1e1)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f\v\u00a0\u202f\u2007\u2009\u200b]+")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SAFE_LINK = re.compile(r"^(?:https?|ftp)://[^\s<>]{3,2000}$", re.IGNORECASE)
_DEEPEST = 120
#: What is longer is nearly always images written in the page; beyond it only tags are taken out.
_LONGEST = 3_000_000
_DATA_URI = re.compile(r"data:[a-z]{1,20}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)


def text_of_html(html: str) -> str:
    """The text that a reader of the page sees, in lines; a blank line between paragraphs; ``> `` before quoted lines."""
    source = _DATA_URI.sub("", clean(html)) if "data:" in html else clean(html)
    source, rest = source[:_LONGEST], source[_LONGEST:]
    try:
        source = _without_declarations(source)
        reader = _read(source, hide=True)
        if reader.hides:
            # Hidden and never shown again: a page cut short, or badly closed. Better too much than words lost.
            reader = _read(source, hide=False)
        text = reader.text()
    except Exception:  # noqa: BLE001 (a page that the parser cannot follow is still read)
        text = _crude(source)
    return f"{text}\n{_crude(rest)}".strip("\n") if rest else text


def _read(source: str, *, hide: bool) -> _Reader:
    reader = _Reader(hide=hide)
    reader.feed(source)
    reader.close()
    return reader


def _without_declarations(source: str) -> str:
    """Without comments, conditional sections and processing instructions; in one pass, however many are left open."""
    pieces, done = [], 0
    while (start := source.find("<", done)) >= 0:
        following = source[start + 1 : start + 2]
        pieces.append(source[done:start])
        if following not in {"!", "?"}:
            pieces.append("<")
            done = start + 1
            continue
        is_comment = source.startswith("<!--", start)
        # "<!-->" is a whole comment, as browsers read it.
        end = source.find("-->", start + 2) if is_comment else source.find(">", start)
        if end < 0:
            # Never closed: shown as it is written.
            return "".join(pieces) + entities.escape(source[start:], quote=False)
        done = end + (3 if is_comment else 1)
    pieces.append(source[done:])
    source = "".join(pieces)
    last = source.rfind(">") + 1
    return source[:last] + source[last:].replace("<", "&lt;")


def _crude(source: str) -> str:
    return "\n".join(line for line in (_one_line(entities.unescape(part)) for part in _TAG.sub("\n", source).split("\n")) if line)


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


@dataclass
class _Frame:
    """Where lines are gathered: the page, or one cell of a table. A line is (depth of quoting, text)."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    current: str = ""
    cells: list[list[tuple[int, str]]] = field(default_factory=list)


@dataclass
class _Open:
    tag: str
    hides: bool = False
    quotes: bool = False
    is_cell: bool = False
    link: str = ""
    link_from: int = 0
    marker: str = ""


class _Reader(HTMLParser):
    def __init__(self, *, hide: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._hide = hide
        self._open: list[_Open] = []
        self._frames = [_Frame()]
        self._lists: list[int] = []
        self._depth = self.hides = self._dropped = self._kept_as_is = 0

    # Tags ---------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._void(tag, facts)
            return
        if tag in {"p", "li", "td", "th", "tr", "dt", "dd", "option", "a"}:
            self._close_implied(tag)
        style = facts.get("style", "").replace(" ", "").lower()
        opened = _Open(tag, hides=self._hide and ("hidden" in facts or bool(style and _HIDDEN.search(style))))
        self._dropped += tag in _DROPPED
        self.hides += opened.hides
        self._begin_block(tag)
        self._separate(facts, style)
        self._begin(opened, facts, style)
        self._open.append(opened)

    def _begin(self, opened: _Open, facts: dict[str, str], style: str) -> None:
        tag = opened.tag
        if tag == "blockquote" and self._is_quote(facts, style):
            opened.quotes = True
            self._depth += 1
        elif tag in {"ul", "ol"}:
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._begin_entry()
        elif tag in {"td", "th"} and len(self._frames) < _DEEPEST:
            opened.is_cell = True
            self._frames.append(_Frame())
        elif tag == "a":
            opened.link, opened.link_from = facts.get("href", "").strip(), len(self._frames[-1].current)
        elif tag in {"pre", "textarea"}:
            self._kept_as_is += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and tag not in {"p", "div", "span", "a", "td", "tr", "table", "blockquote"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            self._break()
        for place in range(len(self._open) - 1, max(-1, len(self._open) - 1 - _DEEPEST * 4), -1):
            if self._open[place].tag == tag:
                while len(self._open) > place:
                    self._close(self._open.pop())
                return
            if self._open[place].is_cell and tag not in {"tr", "table", "tbody", "body", "html"}:
                return

    def handle_data(self, data: str) -> None:
        if self.hides or self._dropped:
            return
        frame = self._frames[-1]
        if self._kept_as_is:
            first, *others = data.split("\n")
            frame.current += first
            for line in others:
                self._break()
                frame.current += line
            return
        words = _SPACES.sub(" ", data)
        if not frame.current or frame.current.endswith(" "):
            words = words.lstrip(" ")
        frame.current += words

    # Pieces -------------------------------------------------------------------
    def _void(self, tag: str, facts: dict[str, str]) -> None:
        self._separate(facts, "")
        if self.hides or self._dropped:
            return
        if tag == "br":
            self._break()
        elif tag == "hr" and not _SEPARATOR.search(facts.get("id", "")):
            self._rule()
        elif tag == "img" and _one_line(facts.get("alt", "")):
            alt = _one_line(facts["alt"])[:200]
            is_sign = len(alt) <= 3 or "emoji" in facts.get("class", "").lower()  # noqa: PLR2004
            self._frames[-1].current += alt if is_sign else f"[{alt}]"

    def _separate(self, facts: dict[str, str], style: str) -> None:
        if _SEPARATOR.search(facts.get("id", "")) or _OUTLOOK_RULE.search(style) or "yahoo_quoted" in facts.get("class", ""):
            self._rule()

    def _rule(self) -> None:
        self._break_if_any()
        lines = self._frames[-1].lines
        last = next((text for _depth, text in reversed(lines) if text), "")
        if last != RULE:
            lines.append((self._depth, RULE))

    def _is_quote(self, facts: dict[str, str], style: str) -> bool:
        """Gmail indents what people indent with the same element: a quote says so, or has a bar on its left."""
        named = facts.get("type", "").lower() == "cite" or "cite" in facts or bool(_QUOTE_CLASS.search(facts.get("class", "")))
        return named or ("border-left" in style and "border-left:none" not in style)

    def _begin_entry(self) -> None:
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            self._frames[-1].current = f"{self._lists[-1]}. "
        else:
            self._frames[-1].current = "- "

    def _begin_block(self, tag: str) -> None:
        if tag in _BLOCKS or tag == "blockquote":
            self._break_if_any()
        if tag in _SPACED:
            self._blank()

    def _close_implied(self, tag: str) -> None:
        """`<p>`, `<li>`, `<td>` need not be closed: the next one does it; nor do links stand in one another."""
        ends = {"tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}}.get(
            tag, {tag}
        )
        for place in range(len(self._open) - 1, max(-1, len(self._open) - 12), -1):
            if self._open[place].tag in ends:
                while len(self._open) > place:
                    self._close(self._open.pop())
                if tag == "tr":
                    self._close_implied(tag)
                return
            if self._open[place].tag in {"table", "ul", "ol", "dl", "div", "blockquote", "td", "th"}:
                return

    def _close(self, closed: _Open) -> None:
        tag = closed.tag
        if closed.is_cell:
            self._end_cell()
        if closed.link:
            self._end_link(closed)
        if tag in _BLOCKS or tag == "blockquote":
            self._break_if_any()
        self.hides -= closed.hides
        self._dropped -= tag in _DROPPED
        self._depth -= closed.quotes
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        self._kept_as_is -= tag in {"pre", "textarea"}
        if tag == "tr":
            self._end_row()
        if tag in _SPACED:
            self._blank()

    def _end_link(self, closed: _Open) -> None:
        frame = self._frames[-1]
        words = _one_line(frame.current[closed.link_from :])
        address = _target(closed.link)
        if address and words and not self.hides and not _says(words, address):
            frame.current = f"{frame.current.rstrip()} ({address})"

    def _end_cell(self) -> None:
        cell = self._frames.pop()
        if cell.current.strip():
            cell.lines.append((self._depth, cell.current.strip()))
        self._spill(cell)
        self._frames[-1].cells.append(_trimmed(cell.lines))

    def _end_row(self) -> None:
        """Cells of one line side by side (a table of figures), the others one below the other (a layout)."""
        frame = self._frames[-1]
        self._spill(frame)

    def _spill(self, frame: _Frame) -> None:
        cells, frame.cells = [cell for cell in frame.cells if cell], []
        if len(cells) > 1 and all(len(cell) == 1 and len(cell[0][1]) <= 200 for cell in cells):  # noqa: PLR2004
            frame.lines.append((cells[0][0][0], " | ".join(cell[0][1] for cell in cells)))
        else:
            for cell in cells:
                frame.lines += cell

    def _break(self) -> None:
        frame = self._frames[-1]
        if self.hides or self._dropped:
            return
        frame.lines.append((self._depth, frame.current.rstrip()))
        frame.current = ""

    def _break_if_any(self) -> None:
        frame = self._frames[-1]
        if frame.current.strip():
            frame.lines.append((self._depth, frame.current.rstrip()))
        frame.current = ""

    def _blank(self) -> None:
        lines = self._frames[-1].lines
        if lines and lines[-1][1]:
            lines.append((self._depth, ""))

    def text(self) -> str:
        while self._open:
            self._close(self._open.pop())
        self._break_if_any()
        frame = self._frames[0]
        self._spill(frame)
        rows = [(">" * depth + (" " + line if line else "")) if depth else line for depth, line in _trimmed(frame.lines)]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip("\n")


def _trimmed(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Without blank lines at both ends, nor two in a row; a blank line between two depths belongs to the lesser."""
    kept: list[tuple[int, str]] = []
    for depth, line in lines:
        if line.strip() or (kept and kept[-1][1]):
            kept.append((depth, line if line.strip() else ""))
    while kept and not kept[-1][1]:
        kept.pop()
    for place in range(1, len(kept) - 1):
        if not kept[place][1]:
            kept[place] = (min(kept[place - 1][0], kept[place + 1][0]), "")
    return kept


def _target(href: str) -> str:
    """The address of a link worth showing; Outlook's detour is undone. Scripts and parts of the mail are no address."""
    if href.lower().startswith("mailto:"):
        return href[7:].partition("?")[0]
    try:
        parts = urlsplit(href)
        if parts.hostname and parts.hostname.endswith("safelinks.protection.outlook.com"):
            href = parse_qs(parts.query).get("url", [href])[0]
    except ValueError:
        return ""
    return href if _SAFE_LINK.match(href) else ""


def _says(words: str, address: str) -> bool:
    """The text of the link tells its address already."""
    bare = re.sub(r"^(?:https?|ftp)://(?:www\.)?|^www\.|^mailto:|/$", "", address.lower())
    return bare in words.lower() or re.sub(r"^(?:https?://)?(?:www\.)?|/$", "", words.lower()) == bare
