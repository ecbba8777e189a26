"""What a rendered page is checked for, without a browser: a small reader of HTML that complains."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LABELLED = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button", "reset", "image"}
HANDLER = re.compile(r"^on[a-z]+$")
UNRENDERED = re.compile(r"\{\{|\{%|\{#|%\([a-z_]+\)[sd]|<[a-z]+\.[A-Za-z.]+ object at|&lt;[A-Za-z.]+ object at")


class Page(HTMLParser):
    """Reads a page; `faults` are sentences, `title`, `ids`, `links` and `assets` what it holds."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.assets: list[str] = []
        self.title = ""
        self.text: list[str] = []
        self._labels: set[str] = set()
        self._controls: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self._headings: list[int] = []
        self._counts: Counter[str] = Counter()
        self._names: list[str] = []
        self.feed(text)
        self.close()
        self._conclude()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._counts[tag] += 1
        if len(values) != len(attrs):
            self.faults.append(f"<{tag}> says an attribute twice")
        self._attributes(tag, values)
        if tag == "html" and not values.get("lang"):
            self.faults.append("no language on <html>")
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "label" and values.get("for"):
            self._labels.add(values["for"])
        if tag in LABELLED and values.get("type") not in NO_LABEL:
            self._controls.append((tag, values | ({"wrapped": "1"} if "label" in self._open else {})))
        if tag == "img" and "alt" not in values:
            self.faults.append(f"image without alt: {values.get('src')}")
        if re.fullmatch(r"h[1-6]", tag):
            self._headings.append(int(tag[1]))
        self._assets(tag, values)
        if tag not in VOID:
            self._open.append(tag)

    def _attributes(self, tag: str, values: dict[str, str]) -> None:
        if "id" in values:
            self.ids.append(values["id"])
        if "style" in values:
            self.faults.append(f"inline style on <{tag}>: {values['style'][:40]}")
        self.faults += [f"inline handler {name} on <{tag}>" for name in values if HANDLER.match(name)]
        self.faults += [f"javascript: on <{tag}>" for value in values.values() if value.lower().startswith("javascript:")]
        self.faults += [
            f"unrendered in <{tag} {name}>: {value[:60]}" for name, value in values.items() if UNRENDERED.search(value)
        ]
        if tag == "style":
            self.faults.append("inline <style>")

    def _assets(self, tag: str, values: dict[str, str]) -> None:
        if tag == "script":
            if values.get("src"):
                self.assets.append(values["src"])
            elif not values.get("nonce") and values.get("type") not in {"application/json", "application/ld+json"}:
                self.faults.append("script without src nor nonce")
        if tag == "link" and values.get("rel") == "stylesheet":
            self.assets.append(values["href"])
        for name in ("src", "href", "action", "srcset"):
            if tag not in {"a", "link", "form"} and values.get(name, "").startswith(("http://", "https://", "//")):
                self.faults.append(f"external request: <{tag} {name}={values[name]}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag not in self._open:
            self.faults.append(f"</{tag}> closes nothing")
            return
        while self._open:
            opened = self._open.pop()
            if opened == tag:
                return
            if opened not in {"p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead"}:
                self.faults.append(f"<{opened}> is not closed before </{tag}>")

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "title" and "svg" not in self._open:
            self.title += data
        if inside in {"script", "style"}:
            return
        self.text.append(data)
        if UNRENDERED.search(data):
            self.faults.append(f"unrendered: {data.strip()[:80]}")

    def _conclude(self) -> None:
        if self._counts["h1"] != 1:
            self.faults.append(f"{self._counts['h1']} <h1>")
        if self._counts["main"] != 1:
            self.faults.append(f"{self._counts['main']} <main>")
        if not self.title.strip():
            self.faults.append("no title")
        self.faults += [f"id {name} is there {n} times" for name, n in Counter(self.ids).items() if n > 1]
        for before, after in zip(self._headings, self._headings[1:], strict=False):
            if after > before + 1:
                self.faults.append(f"heading h{after} after h{before}")
        for tag, values in self._controls:
            named = (
                values.get("id") in self._labels
                or values.get("aria-label")
                or values.get("aria-labelledby")
                or "wrapped" in values
            )
            if not named:
                self.faults.append(f"<{tag} name={values.get('name')}> has no label")
        fragments = {link[1:] for link in self.links if link.startswith("#") and len(link) > 1}
        self.faults += [f"#{name} leads nowhere" for name in sorted(fragments - set(self.ids))]
