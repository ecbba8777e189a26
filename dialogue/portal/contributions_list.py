"""The contributions of a page of results: in their order, with their words marked, and what became of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from dialogue.chantiers.models import Chantier, ContributionLink
from dialogue.contributions.models import Cluster, Contribution
from dialogue.contributions.stages import Outcome
from dialogue.language.snippets import Piece, Snippet, highlight, snippet
from dialogue.portal.contributions import Scope
from dialogue.portal.contributions_counts import Counts

PER_PAGE = 10
#: Pages that can be turned: further on, one refines the selection, or takes it away as a file.
MOST_PAGES = 1_000
#: Up to so many texts found, the words are looked up first and those with a word in their title come first. Beyond, the order is that
#: of dates, gone down until a page is full: sorting them all would take longer than reading the page.
MOST_RANKED = 1_000
#: Clusters that are named above the results; the selection must not be larger than this for them to be counted.
CLUSTERS, MOST_CLUSTERED = 6, 50_000
FIELDS = (
    "number", "nature", "title", "text", "theme_id", "suggested_theme_id", "territory_id", "commune_id", "place", "circle", "outcome",
    "stage", "shown_name", "written_at",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One result. `chantiers`: those that take it up, as far as the reader may know."""

    row: Contribution
    title: tuple[Piece, ...]
    snippet: Snippet
    place: str
    theme: str
    suggested: str
    chantiers: list[Chantier] = field(default_factory=list)

    @property
    def is_taken_up(self) -> bool:
        return self.row.outcome == Outcome.LINKED


class _Counted(Paginator):
    """Pages of rows of which the number is known already."""

    def __init__(self, rows: Any, total: int) -> None:
        super().__init__(rows, PER_PAGE)
        self.total = total
        self.count = min(total, PER_PAGE * MOST_PAGES)  # type: ignore[misc,assignment]


def sort_of(scope: Scope, total: int) -> str:
    """By relevance where there are words, unless dates were asked for or too many texts have them."""
    return "pertinence" if scope.has_text and scope.selection.sort != "date" and total <= MOST_RANKED else "date"


def ordered(scope: Scope, total: int) -> QuerySet[Contribution]:
    """The rows of the selection: most of the words in the title first, then the most recent."""
    many = total > MOST_RANKED
    rows = scope.rows(row_by_row=many)
    dates = [F("written_at").desc(), F("number").desc()]
    if scope.has_text and not many:
        # The same dates, but no index has them: the database starts with the words.
        dates[0] = Coalesce("written_at", "received_at").desc()
    if sort_of(scope, total) == "date":
        return rows.order_by(*dates)
    hits: Any = Value(0)
    for key in scope.query.needed:
        hits += Case(When(words__title_stems__contains=f" {key} ", then=Value(1)), default=Value(0))
    return rows.annotate(hits=Cast(hits, IntegerField())).order_by("-hits", *dates)


def page_of(scope: Scope, counts: Counts, number: Any) -> Page:
    """The lines of a page (2 queries)."""
    rows = ordered(scope, counts.total).select_related("commune").only(*FIELDS, "commune__name")
    page = _Counted(rows if counts.total else rows.none(), counts.total).get_page(number)
    found = list(page.object_list)
    page.object_list = lines(scope, found)
    return page


def lines(scope: Scope, rows: list[Contribution]) -> list[Line]:
    chantiers = taken_up(scope.reader, rows)
    stems = scope.query.needed if scope.has_text else ()
    themes, territories = scope.themes, scope.territories

    def line(row: Contribution) -> Line:
        territory = territories.get(row.territory_id or 0)
        suggested = themes.get(row.suggested_theme_id or 0) if scope.selection.suggested and not row.theme_id else None
        return Line(
            row,
            highlight(row.title, stems),
            snippet(row.text, stems),
            row.commune.name if row.commune_id and row.commune else territory.short_name if territory else "",
            themes[row.theme_id].short_name if row.theme_id in themes else "",
            suggested.short_name if suggested else "",
            chantiers.get(row.pk, []),
        )

    return [line(row) for row in rows]


def taken_up(reader: Any, rows: list[Contribution]) -> dict[int, list[Chantier]]:
    """The chantiers that take up these contributions, by contribution id (1 query)."""
    found: dict[int, list[Chantier]] = defaultdict(list)
    links = ContributionLink.objects.visible_to(reader).filter(contribution__in=[row.pk for row in rows])
    links = links.select_related("chantier").order_by("chantier__number")
    for link in links.only("contribution_id", "chantier__slug", "chantier__title", "chantier__number"):
        found[link.contribution_id].append(link.chantier)
    return found


def clusters_of(scope: Scope, counts: Counts) -> list[tuple[Any, str, int]]:
    """The groups of texts that use the same words, among the results: (number, name, how many); named by a person, or the machine's
    telling words for the coordination (1 query, none without a selection)."""
    if scope.selection.is_empty or scope.cluster or not 0 < counts.total <= MOST_CLUSTERED:
        return []
    rows = scope.rows().filter(cluster__in=Cluster.objects.visible_to(scope.reader)).order_by()
    rows = rows.values_list("cluster__number", "cluster__name", "cluster__words").annotate(n=Count("pk")).order_by("-n", "cluster__number")
    return [(number, name or ", ".join(words[:3]), n) for number, name, words, n in rows[:CLUSTERS]]
