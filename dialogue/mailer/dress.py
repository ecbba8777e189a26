"""The last touch on what a letter says: styles written on each element, lines of a bearable length.

Mail readers drop style sheets, so rooms write plain HTML (`p`, `a`, `ul`, `h2`, `blockquote`) and each element gets its
style here; the classes serve the dark theme (design.md §9).
"""

from __future__ import annotations

import re
import textwrap

from dialogue.ui.typography import spaced, spaced_page

WIDTH = 78
_STYLES = {
    "p": ("", "margin:0 0 16px"),
    "a": ("c-lien", "color:#00536b"),
    "h1": (
        "c-fort",
        "margin:20px 0 12px; color:#12262d; font:bold 28px/1.2 Georgia,'Times New Roman',serif",
    ),
    "h2": ("c-fort", "margin:24px 0 8px; font-size:20px; line-height:1.3; color:#12262d"),
    "h3": ("c-fort", "margin:16px 0 8px; font-size:17px; line-height:1.3; color:#12262d"),
    "ul": ("", "margin:0 0 16px; padding:0 0 0 24px"),
    "ol": ("", "margin:0 0 16px; padding:0 0 0 24px"),
    "li": ("", "margin:0 0 8px"),
    "dl": ("", "margin:0 0 16px"),
    "dt": ("", "font-weight:bold"),
    "dd": ("", "margin:0 0 8px"),
    "blockquote": ("c-encart", "margin:0 0 16px; padding:12px 16px; border-left:5px solid #00536b; background:#eaf5f9"),
    "hr": ("", "border:0; border-top:1px solid #cfc8bb; margin:0 0 16px"),
}
_TAG = re.compile(rf"<({'|'.join(_STYLES)})((?:\s[^<>]*)?)>")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


def styled(html: str) -> str:
    """`html` in which every known element carries its style; those that have one of their own keep it."""

    def dress(found: re.Match[str]) -> str:
        tag, attributes = found[1], found[2]
        css_class, style = _STYLES[tag]
        if "style=" in attributes:
            return found[0]
        if css_class and "class=" not in attributes:
            attributes = f' class="{css_class}"{attributes}'
        return f'<{tag}{attributes} style="{style}">'

    return _TAG.sub(dress, html)


def finished(html: str, language: str) -> str:
    """Styled, with the non-breaking spaces of French."""
    html = styled(html)
    return spaced_page(html) if language == "fr" else html


def wrapped(text: str, language: str) -> str:
    """Plain text in lines of at most 78 signs; links and indented lines stay whole, runs of empty lines become one."""
    lines: list[str] = []
    text = spaced(text) if language == "fr" else text
    for raw in _BLANK_LINES.sub("\n\n", text.replace("\r\n", "\n")).strip().split("\n"):
        line = raw.rstrip() if raw.strip() != "--" else "-- "
        if len(line) <= WIDTH or line.startswith(" "):
            lines.append(line)
        else:
            lines += textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + "\n"
