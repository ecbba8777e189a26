"""Proposals exported from Decidim, a platform that many French authorities ran their consultations on: `layout`, `proposal`.

The columns are those of `Decidim::Proposals::ProposalSerializer`, flattened with slashes by `Decidim::Exporters::CSV`, as
they stood from 0.18 (`category`, `scope`, `supports`, `endorsements`) to 0.31 (`taxonomies`, `votes`, `likes`, `author`).
Texts come in several languages (`title/fr`, `title/machine_translations/fr`); bodies may be HTML. XLSX and JSON exports have
the same names (formats.tables reads all three; exports in .xls are too old to be read).
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.language.markup import text_of_html

#: Besides `id`, a title and a body, an export of proposals has most of these.
_MARKS = frozenset(
    [
        "component/id",
        "participatory_space/id",
        "participatory_space/url",
        "reference",
        "published_at",
        "is_amend",
        "endorsements/total_count",
        "likes/total_count",
        "related_proposals",
        "meeting_urls",
        "original_proposal/url",
    ]
)
_FEWEST_MARKS = 4
#: Our fields, and names of columns in order of preference; “*” stands for a language.
_FIELDS: dict[str, tuple[str, ...]] = {
    "external_id": ("id",),
    "title": ("title/*", "title"),
    "text": ("body/*", "body"),
    "theme": ("category/name/*", "category/name"),
    "territory": ("scope/name/*", "scope/name"),
    "author_name": ("author/name", "authors/names", "authors/name"),
    "author_email": ("authors/emails", "author/email"),
    "written_on": ("published_at", "created_at"),
    "status": ("state",),
    "address": ("address",),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "url": ("url",),
    "reference": ("reference",),
    "is_amendment": ("is_amend",),
    "is_withdrawn": ("withdrawn",),
}
_FLAGS = ("is_amendment", "is_withdrawn")
_MACHINE = ("machine_translations", "machine_translation")
_TAXONOMY = re.compile(r"taxonomies/(\d+)/([^/]+)$")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z]{2,4})?$", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|ul|ol|li|strong|b|em|i|u|a|h[1-6]|img|figure|table|blockquote|iframe|dl|dt|dd)\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns`: for each field that the export has, the columns to look in, the first that is not empty being the value.

    Columns count from 0. `taxonomies`: for each one (0.30 and later), likewise; an empty dict before.
    """

    columns: dict[str, tuple[int, ...]]
    taxonomies: dict[str, tuple[int, ...]]


def layout(header: Sequence[str], *, language: str = "fr") -> Layout | None:
    """How an export of Decidim proposals is read, None when the heading is not one's.

    Words are taken in `language`, else in another language as their author wrote them, else in a translation by a machine.
    """
    names = {name.strip().lower(): place for place, name in reversed(list(enumerate(header)))}
    columns = {field: found for field, patterns in _FIELDS.items() if (found := _places(patterns, names, language))}
    is_export = "id" in names and "title" in columns and "text" in columns and len(_MARKS & names.keys()) >= _FEWEST_MARKS
    return Layout(columns, _taxonomies(names, language)) if is_export else None


def proposal(cells: Sequence[str], found: Layout) -> dict[str, str]:
    """The fields of one row, "" for what it does not say.

    Those of formats.columns (`external_id`, `title`, `text`, `theme`, `second_theme`, `territory`, `author_name`,
    `author_email`, `written_on`, `status`), and `address`, `latitude`, `longitude`, `url`, `reference`, `is_amendment`,
    `is_withdrawn` ("oui" or "non"). HTML is made text; `written_on` is as Decidim wrote it (formats.dates reads it); `status`
    is Decidim's word: "", not_answered, evaluating, accepted, rejected, withdrawn, or one of the platform's own. A state
    withdrawn says that the proposal is, too. Several authors are parted by commas.
    """
    fields = {field: _first(cells, found.columns.get(field, ())) for field in (*_FIELDS, "second_theme")}
    themes = [fields["theme"], *(_first(cells, places) for places in found.taxonomies.values())]
    themes = list(dict.fromkeys(plain(theme, one_line=True) for theme in themes if theme))
    fields["theme"], fields["second_theme"] = (*themes, "", "")[:2]
    fields["title"] = plain(fields["title"], one_line=True)
    fields["territory"] = plain(fields["territory"], one_line=True)
    fields["text"] = plain(fields["text"])
    if fields["status"] == "withdrawn":
        fields["is_withdrawn"] = "oui"
    for flag in _FLAGS:
        fields[flag] = "oui" if fields[flag].lower() in {"true", "oui", "1", "t"} else "non"
    return fields


def plain(text: str, *, one_line: bool = False) -> str:
    """The text without its HTML, if it is HTML: “a < b” stays."""
    if _MARKUP.search(text):
        text = text_of_html(text)
    elif _ENTITY.search(text):
        text = html.unescape(text)
    return " ".join(text.split()) if one_line else text.strip()


def _first(cells: Sequence[str], places: tuple[int, ...]) -> str:
    return next((cells[place].strip() for place in places if place < len(cells) and cells[place].strip()), "")


def _places(patterns: tuple[str, ...], names: dict[str, int], language: str) -> tuple[int, ...]:
    places: list[int] = []
    for pattern in patterns:
        if pattern.endswith("/*"):
            places += _translated(pattern[:-1], names, language)
        elif pattern in names:
            places.append(names[pattern])
    return tuple(places)


def _translated(start: str, names: dict[str, int], language: str) -> list[int]:
    """`title/fr`, then the other languages in the order of the columns, then machines."""
    written = {name.removeprefix(start): place for name, place in names.items() if name.startswith(start)}
    people = sorted((code != language, place) for code, place in written.items() if _LANGUAGE.match(code))
    machines = sorted(
        (code.rpartition("/")[2] != language, place)
        for code, place in written.items()
        if code.partition("/")[0] in _MACHINE and "/" in code
    )
    return [place for _order, place in people + machines]


def _taxonomies(names: dict[str, int], language: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[tuple[bool, int]]] = {}
    for name, place in sorted(names.items(), key=lambda one: one[1]):
        if matched := _TAXONOMY.match(name):
            found.setdefault(matched[1], []).append((matched[2] != language, place))
    return {number: tuple(place for _order, place in sorted(places)) for number, places in found.items()}
