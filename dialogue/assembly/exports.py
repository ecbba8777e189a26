"""What leaves the room: the délibérations as open data, what is kept about a person.

Open data: SCDL *délibérations* 2.1 (https://schema.data.gouv.fr/scdl/deliberations/2.1.3/).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from dialogue.assembly.models import Opinion, Resolution
from dialogue.formats.csv import cell
from dialogue.territories.models import Department

#: Column → field of a Resolution, in the order of the schema; the two first are the collectivité's.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("COLL_NOM", ""),
    ("COLL_SIRET", ""),
    ("DELIB_ID", "number"),
    ("DELIB_DATE", "date"),
    ("DELIB_MATIERE_CODE", "matter_code"),
    ("DELIB_MATIERE_NOM", "matter_name"),
    ("DELIB_OBJET", "object"),
    ("BUDGET_ANNEE", "budget_year"),
    ("BUDGET_NOM", "budget_name"),
    ("PREF_ID", "prefecture_id"),
    ("PREF_DATE", "prefecture_date"),
    ("VOTE_EFFECTIF", "members_count"),
    ("VOTE_REEL", "votes_cast"),
    ("VOTE_POUR", "votes_for"),
    ("VOTE_CONTRE", "votes_against"),
    ("VOTE_ABSTENTION", "abstentions"),
    ("DELIB_URL", "url"),
)
HEADER = tuple(column for column, _field in COLUMNS)
_FIELDS = tuple(field for _column, field in COLUMNS if field)
#: Rows read from the database, and lines sent, at a time.
CHUNK = 500


class _Echo:
    """What a csv writer writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def scdl(rows: QuerySet[Resolution], department: Department) -> Iterator[bytes]:
    """The file by pieces, in UTF-8, separated by commas as the SCDL asks: one line for each délibération of `rows`.

    Only decisive votes are délibérations; give rows that the reader may see. Raises ValueError without a SIRET.
    """
    if not department.siret:
        raise ValueError("the schema asks for the SIRET of the Département")
    writer: Any = csv.writer(_Echo(), lineterminator="\r\n")
    yield str(writer.writerow(HEADER)).encode()
    collectivity = [cell(department.name), department.siret]
    lines: list[str] = []
    for values in rows.decisive().order_by("date", "number", "pk").values_list(*_FIELDS).iterator(CHUNK):  # type: ignore[attr-defined]
        lines.append(writer.writerow([*collectivity, *map(cell, values)]))
        if len(lines) == CHUNK:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """File name → rows (people.hooks.exporters). Opinions and votes are public archives: they stay when a person leaves."""
    given = Opinion.objects.filter(given_by=person).select_related("proposition", "service").order_by("given_at")
    recorded = Resolution.objects.filter(recorded_by=person).order_by("recorded_at")
    return {
        "avis_saisis": [
            {
                "proposition": opinion.proposition.title,
                "service": opinion.service.name,
                "avis": str(opinion.get_verdict_display()),
                "le": opinion.given_at.isoformat(),
            }
            for opinion in given
            if opinion.given_at
        ],
        "votes_enregistres": [{"numero": row.number, "date": row.date.isoformat(), "objet": row.object} for row in recorded],
    }
