"""Pages of the site that are templates and nothing else (help…): found like the rest. The rooms above register theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from django.template import Context
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.urls import reverse

from dialogue.search.kinds.base import Telling

#: The kind of their entries; `thing_id` is their rank in `REGISTRY`, from 1.
PAGE = "page"


@dataclass(frozen=True)
class StaticPage:
    """`door`: URL name; `template`: its template, whose block `main` needs no context to make sense."""

    door: str
    template: str


REGISTRY: list[StaticPage] = []


def register(door: str, template: str) -> None:
    """Raises ValueError when the page is there already."""
    if any(page.door == door for page in REGISTRY):
        raise ValueError(f"{door} is registered twice")
    REGISTRY.append(StaticPage(door, template))


def tell(page: StaticPage) -> Telling:
    """The heading of the page and its words."""
    reader = _Reader()
    reader.feed(_main(page.template))
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", "".join(reader.text))).strip()
    return Telling(title=" ".join("".join(reader.heading).split()), text=text, path=reverse(page.door))


def _main(template: str) -> str:
    found = get_template(template).template  # type: ignore[attr-defined]
    node = next(node for node in found.nodelist.get_nodes_by_type(BlockNode) if node.name == "main")
    context = Context({})
    with context.bind_template(found):
        return str(node.render(context))


class _Reader(HTMLParser):
    """Text of a page, navigation apart; its heading aside."""

    BREAKS = {"p", "h2", "h3", "li", "summary", "div", "section", "details"}

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.heading: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"nav", "h1", "form", "svg"}:
            self._inside.append(tag)
        if tag in self.BREAKS:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.text.append(data)
        elif self._inside == ["h1"]:
            self.heading.append(data)
