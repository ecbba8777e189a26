"""The selection as a file, in bounded memory, with all that classifies each contribution; never an address or a telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import ContributionLink
from dialogue.contributions.models import Contribution, Support
from dialogue.contributions.stages import Outcome, Stage
from dialogue.formats import csv, json, xlsx
from dialogue.portal.contributions import Scope, is_team
from dialogue.portal.contributions_counts import Counts
from dialogue.portal.exports import absolute

CHUNK = 1000
#: A workbook of more rows takes a minute of the server: CSV instead.
MOST_IN_A_SHEET = 100_000
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": xlsx.CONTENT_TYPE,
    "json": "application/json; charset=utf-8",
}


@dataclass(frozen=True)
class Column:
    """`code` in JSON, `heading` in tables."""

    code: str
    heading: str | Promise
    value: Callable[[Contribution], Any]
    for_team: bool = False


def _day(moment: datetime | None) -> Any:
    return timezone.localtime(moment).date() if moment else None


def _suggestion(row: Contribution) -> dict[str, Any]:
    """The machine's first idea of a theme that no person said."""
    found = getattr(row, "suggestion", None)
    themes = found.themes if found and not row.theme_id else []
    return themes[0] if themes and isinstance(themes[0], dict) else {}


def _outcome(row: Contribution) -> str:
    return str(Outcome(row.outcome).label) if row.outcome else ""


COLUMNS = [
    Column("number", _("Numéro"), lambda r: r.number),
    Column("title", _("Titre"), lambda r: r.title),
    Column("text", _("Texte"), lambda r: r.text),
    Column("nature", _("Nature"), lambda r: r.get_nature_display()),
    Column("theme", _("Thème"), lambda r: r.theme.name if r.theme_id and r.theme else ""),
    Column("second_theme", _("Second thème"), lambda r: r.second_theme.name if r.second_theme_id and r.second_theme else ""),
    Column("theme_source", _("Qui a dit le thème"), lambda r: r.get_theme_source_display()),
    Column(
        "suggested_theme", _("Thème suggéré par la machine, non confirmé"),
        lambda r: r.suggested_theme.name if r.suggested_theme_id and r.suggested_theme and not r.theme_id else "", for_team=True,
    ),
    Column("suggestion_confidence", _("Confiance de la machine"), lambda r: _suggestion(r).get("confidence"), for_team=True),
    Column(
        "suggestion_words", _("Mots qui ont parlé à la machine"),
        lambda r: ", ".join(map(str, _suggestion(r).get("words", []))), for_team=True,
    ),
    Column("territory", _("Territoire"), lambda r: r.territory.name if r.territory_id and r.territory else ""),
    Column("commune", _("Commune"), lambda r: r.commune.name if r.commune_id and r.commune else ""),
    Column("insee", _("Code INSEE"), lambda r: r.commune_id or ""),
    Column("place", _("Lieu écrit"), lambda r: r.place),
    Column("campaign", _("Campagne"), lambda r: r.campaign.title),
    Column("written_on", _("Écrite le"), lambda r: _day(r.written_at)),
    Column("received_on", _("Reçue le"), lambda r: _day(r.received_at)),
    Column("outcome", _("Suite donnée"), _outcome),
    Column("answered_on", _("Réponse envoyée le"), lambda r: _day(r.answered_at)),
    Column("chantiers", _("Chantiers"), lambda r: ", ".join(link.chantier.title for link in r.chantier_links.all())),
    Column("cluster", _("Regroupement"), lambda r: r.cluster.name if r.cluster_id and r.cluster and r.cluster.named_by_id else ""),
    Column("shown_name", _("Nom affiché"), lambda r: r.shown_name),
    Column("supports", _("Soutiens"), lambda r: r.supports_count),
    Column("stage", _("Étape"), lambda r: Stage(r.stage).label, for_team=True),
    Column("circle", _("Qui peut lire"), lambda r: r.get_circle_display(), for_team=True),
    Column("url", _("Adresse"), lambda r: absolute(r.get_absolute_url())),
]  # fmt: skip
#: Adding this column up gives the number of distinct authors.
FIRST = ("first_of_author", _("Premier texte de cet auteur dans ce fichier (1) ou suivant (0)"))


class Export:
    """The file of a selection, for its reader."""

    def __init__(self, scope: Scope, counts: Counts, now: datetime) -> None:
        self.scope, self.counts, self.now = scope, counts, now
        self.columns = [column for column in COLUMNS if is_team(scope.reader) or not column.for_team]

    def rows(self) -> Iterator[Contribution]:
        """By number, a thousand at a time."""
        links = ContributionLink.objects.visible_to(self.scope.reader).select_related("chantier").order_by("chantier__number")
        signed = Support.objects.filter(contribution=OuterRef("pk")).confirmed().order_by().values("contribution")
        count = Coalesce(Subquery(signed.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
        rows = self.scope.rows().annotate(supports_count=count)
        joined = ["theme", "second_theme", "territory", "commune", "campaign", "cluster"]
        joined += ["suggested_theme", "suggestion"] if is_team(self.scope.reader) else []
        rows = rows.select_related(*joined).prefetch_related(Prefetch("chantier_links", queryset=links))
        hidden = ("author_name", "author_email", "author_phone", "key", "motive", "answer")
        return rows.defer(*hidden).order_by(F("number").asc()).iterator(CHUNK)

    def lines(self) -> Iterator[list[Any]]:
        """The cells of each row; of the authors, eight bytes of a hash are remembered, for as long as the file is written."""
        seen: set[int] = set()
        for row in self.rows():
            author = int.from_bytes(row.author_key.encode()[:16][-8:], "big")
            yield [*(column.value(row) for column in self.columns), int(author not in seen)]
            seen.add(author)

    def body(self, extension: str) -> Iterator[bytes]:
        if extension == "json":
            return json.document(self.about(), self.items(), name="contributions")
        heading = [str(column.heading) for column in self.columns] + [str(FIRST[1])]
        return (xlsx if extension == "xlsx" else csv).rows(heading, self.lines())

    def about(self) -> dict[str, Any]:
        path = reverse("portal:contributions")
        return {
            "source": absolute(f"{path}{self.scope.selection.url()}"),
            "made_at": self.now,
            "count": self.counts.total,
            "distinct_authors": self.counts.authors,
        }

    def items(self) -> Iterator[dict[str, Any]]:
        codes = [column.code for column in self.columns] + [FIRST[0]]
        for line in self.lines():
            yield dict(zip(codes, (str(cell) if isinstance(cell, Promise) else cell for cell in line), strict=True))
