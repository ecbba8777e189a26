"""Files of contributions made for the tests, and the whole way of one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from dialogue.contributions.acts import imports, imports_run
from dialogue.contributions.models import ImportBatch
from dialogue.ledger.acts import SYSTEM
from tests.factories import NOW, make_campaign, make_commune, make_territory, make_theme

HEADER = ("identifiant", "titre", "texte", "commune", "territoire", "thème", "courriel", "nom", "date")
#: Columns of `HEADER`, said rather than guessed: two lines of which one is wrong are too few to guess from.
MAPPING = {
    code: place
    for place, code in enumerate(
        ("external_id", "title", "text", "commune", "territory", "theme", "author_email", "author_name", "written_on")
    )
}


def csv_of(*lines: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8", delimiter: str = ";") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue().encode(encoding)


def line(number: int, **cells: str) -> list[str]:
    """A good line of `HEADER`, but for `cells`."""
    good = {
        "identifiant": f"A-{number}",
        "titre": f"Des légumes à la cantine {number}",
        "texte": "Trois écoles cherchent des légumes frais.",
        "commune": "Libourne",
        "territoire": "",
        "thème": "Alimentation",
        "courriel": f"camille{number}@exemple.fr",
        "nom": "Camille Dupuy",
        "date": "14/11/2016",
    }
    return list((good | cells).values())


def frame() -> Any:
    """A campaign, two territories, three communes of which two are called Saint-Germain, two themes."""
    libournais = make_territory(name="Libournais", code="libournais")
    medoc = make_territory(name="Médoc", code="medoc")
    make_commune(insee_code="33243", name="Libourne", territory=libournais)
    make_commune(insee_code="33412", name="Saint-Germain", territory=libournais)
    make_commune(insee_code="33413", name="Saint-Germain", territory=medoc)
    make_theme(name="Alimentation", code="alimentation")
    make_theme(name="Mobilité", code="mobilite")
    make_theme(name="Santé", code="sante")
    return make_campaign(slug="concertation", title="Concertation 2016")


def upload(campaign: Any, data: bytes, *, name: str = "contributions.csv", by: Any = SYSTEM) -> ImportBatch:
    return imports.upload_batch(campaign, by=by, now=NOW, file=io.BytesIO(data), filename=name)


def check(batch: ImportBatch, *, mapping: dict[str, int] | None = None, **choices: Any) -> ImportBatch:
    imports.map_batch(batch, by=SYSTEM, now=NOW, mapping=mapping, choices=choices)
    imports_run.check(batch.pk, imports_run.ask_check(batch), by=SYSTEM)
    return ImportBatch.objects.select_related("campaign").get(pk=batch.pk)


def start(batch: ImportBatch, *, may_publish: bool = False) -> Any:
    """Returns the beat that the process which imports must show."""
    beat = imports_run.fresh_beat()
    imports.start_import(batch, by=SYSTEM, now=NOW, beat=beat, may_publish=may_publish)
    return beat


def whole(campaign: Any, data: bytes, *, mapping: dict[str, int] | None = None, may_publish: bool = False, **choices: Any) -> ImportBatch:
    """From the file to its contributions."""
    batch = check(upload(campaign, data), mapping=mapping, **choices)
    imports_run.run(batch.pk, start(batch, may_publish=may_publish))
    batch.refresh_from_db()
    return batch


def named(batch: ImportBatch) -> list[tuple[int, str, str, str]]:
    """What the dry run named: line, column, code, value."""
    return list(batch.problems.values_list("line", "column", "code", "value"))


def numbered(count: int) -> Iterable[list[str]]:
    return (line(number) for number in range(1, count + 1))
