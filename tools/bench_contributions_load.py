"""Made-up contributions by the hundred thousand, for `tools/bench_contributions.py`: seeded, so that each run has the same.

The words are recombined from a short French list (roots and endings); they are drawn as words are in any language, the n-th
most frequent one n times less often than the first. Nothing is taken from a real consultation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np

SEED, CHUNK = 2017, 5_000
TERRITORIES, THEMES, COMMUNES = 9, 14, 500
START = datetime(2016, 10, 3, 8, 0, tzinfo=UTC)
#: Of the texts: how many are of a few prolific authors, lack a theme, a suggestion, a territory, a commune, are read by the
#: coordination alone, by partners at most, and are taken up by a chantier.
PROLIFIC, UNTHEMED, UNSUGGESTED, UNPLACED, UNLOCATED, TEAM, PARTNERS, TAKEN_UP = 0.2, 0.125, 0.05, 0.05, 0.2, 0.05, 0.15, 0.1
_IDLE = "de la le les et des à pour une un dans en nous il faut que qui sur avec plus du au par ne pas est sont ce"
IDLE = _IDLE.split()
HEADS = ["", "re", "dé", "pré", "co", "inter", "sur", "trans", "contre", "mal", "en", "par"]
_ROOTS = """
cantin légum transport vélo commun villag colleg jeun parent crèch forêt litt pêch vign estuair march produc habit logem
loyer saison énerg chauff isol soign médec pharmac numér guich inform assoc bénévol sport cultur biblioth musé touris
chemin rout gar train autobus covoitur pont berg fleuv inond dun plag dépend accompagn aid vieill autonom repas cuisin
cuisini jardin ferm élev céréal abeill eau assain déchet compost recycl répar atelier entrepris artisan commerc boulang
emploi form apprent insér chôm handicap enfan famill assist accueil écol périscol vacanc fest patrimoin langu paysag
bocag arbr ombr lumièr bruit air clim carbon solair éolien bois bâtim mairi conseil budget impôt aid subvent partenair
voisin solidar
"""
ROOTS = _ROOTS.split()
ENDS = ["e", "es", "er", "é", "ée", "ées", "ation", "ations", "eur", "euse", "age", "ages", "able", "ement", "iste", "ité", "ique", "ant"]


def vocabulary() -> np.ndarray:
    """Some 25,000 words, in an order of their own; short words of every text come first."""
    words = [head + root + end for head in HEADS for root in ROOTS for end in ENDS]
    np.random.default_rng(SEED).shuffle(words)
    plain = [root + end for end in ("e", "er", "ation", "s") for root in ROOTS]
    return np.array([*IDLE, *plain, *words])


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Titles of 7 words and texts of 20 to 60."""
    words, rng = vocabulary(), np.random.default_rng(SEED)
    odds = 1 / np.arange(1, len(words) + 1)
    rungs = np.cumsum(odds / odds.sum())
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        lengths = rng.integers(27, 68, size)
        drawn = iter(words[np.searchsorted(rungs, rng.random(int(lengths.sum())))].tolist())
        for length in lengths.tolist():
            line = list(islice(drawn, length))
            yield " ".join(line[:7]).capitalize(), " ".join(line[7:]).capitalize() + "."


def frame() -> dict[str, list[Any]]:
    """Territories, themes, communes, two campaigns, a cluster for each pair of territory and theme."""
    from dialogue.contributions.models import Campaign, Cluster
    from dialogue.territories.models import Commune, Department, Priority, Territory, Theme

    Department.objects.create(code="33", name="Gironde", contact_service="Mission", contact_email="contact@gironde.example")
    territories = [
        Territory.objects.create(code=f"t{n}", name=f"Territoire {n}", short_name=f"Terr. {n}", order=n, tile_row=n + 1, tile_column=1)
        for n in range(TERRITORIES)
    ]
    themes = [Theme.objects.create(code=f"theme-{n}", name=f"Thème {n}", short_name=f"Thème {n}", order=n) for n in range(THEMES)]
    communes = [
        Commune.objects.create(insee_code=f"{33001 + n}", name=f"Commune {n}", territory=territories[n % TERRITORIES], population=900)
        for n in range(COMMUNES)
    ]
    campaigns = [
        Campaign.objects.create(slug=f"c{n}", title=f"Campagne {n}", opens_on=START.date(), is_announced=True) for n in range(2)
    ]
    Priority.objects.bulk_create([Priority(theme=themes[n], territory=territories[n % TERRITORIES]) for n in range(THEMES)])
    pairs = [(theme, territory) for theme in themes for territory in territories]
    clusters = [
        Cluster.objects.create(number=n, theme=theme, territory=territory, name=f"Regroupement {n}", words=["eau", "air"], at=START)
        for n, (theme, territory) in enumerate(pairs, start=1)
    ]
    return {"territories": territories, "themes": themes, "communes": communes, "campaigns": campaigns, "clusters": clusters}


def columns(count: int, made: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """What varies from one contribution to the next. One in five is of a prolific author, one in eight has no theme, one in ten is
    read by partners alone, one in twenty by the coordination alone."""
    rng = np.random.default_rng(SEED + 1)
    natures = ["need", "idea", "initiative", ""]
    weights = 1 / np.arange(1, THEMES + 1) ** 0.5
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        drawn = zip(
            rng.choice(THEMES, size, p=weights / weights.sum()).tolist(), rng.integers(COMMUNES, size=size).tolist(),
            rng.integers(4, size=size).tolist(), rng.random((size, 5)).tolist(), strict=True,
        )
        for n, (theme, commune, nature, (place, themed, said, outcome, author)) in enumerate(drawn, start=start + 1):
            territory = commune % TERRITORIES
            group, partners = said < TEAM, said < PARTNERS
            at = START + timedelta(minutes=n % 100_000)
            yield {
                "number": n, "campaign_id": made["campaigns"][n % 2].pk, "nature": natures[nature],
                "territory_id": made["territories"][territory].pk if place > UNPLACED else None,
                "commune_id": made["communes"][commune].pk if place > UNLOCATED else None,
                "theme_id": made["themes"][theme].pk if themed > UNTHEMED else None,
                "theme_source": "author" if themed > UNTHEMED else "",
                "suggested_theme_id": made["themes"][theme].pk if themed > UNSUGGESTED else None,
                "cluster_id": made["clusters"][theme * TERRITORIES + territory].pk if themed > UNTHEMED and place > UNPLACED else None,
                "author_key": hashlib.sha256(str(int(author * 50) if said > 1 - PROLIFIC else n * 3 // 4).encode()).hexdigest(),
                "may_publish": not group, "circle": "group" if group else "partners" if partners else "public",
                "stage": "linked" if outcome < TAKEN_UP else "admissible", "outcome": "linked" if outcome < TAKEN_UP else "",
                "written_at": at, "received_at": at, "key": f"k{n}",
            }  # fmt: skip


def lines(count: int, made: dict[str, list[Any]], connection: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of the table, as the database takes them."""
    from dialogue.contributions.models import Contribution

    fields = Contribution._meta.concrete_fields
    blank = Contribution(is_published=True, audiences=[], naming="anonymous", via="import")
    raw = connection.vendor == "postgresql"
    # COPY takes JSON as text, and Python's own dates.
    base = {f.column: "[]" if f.name == "audiences" else f.get_db_prep_save(getattr(blank, f.attname), connection) for f in fields}
    dates = {f.column for f in fields if f.name in {"written_at", "received_at"}}
    for n, ((title, text), own) in enumerate(zip(texts(count), columns(count, made), strict=True), start=1):
        row = base | own | {"id": n, "title": title[:200], "text": text}
        if not raw:
            row |= {name: str(row[name])[:19] for name in dates}
        yield tuple(row.values())


def load(count: int) -> dict[str, list[Any]]:
    """The table of contributions, without its words; gives the frame."""
    from django.db import connection

    from dialogue.contributions.models import Contribution

    made = frame()
    names = ", ".join(f'"{f.column}"' for f in Contribution._meta.concrete_fields)
    pour(Contribution._meta.db_table, names, lines(count, made, connection))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('contributions_contribution', 'id'), %s)", [count])
    return made


def pour(table: str, names: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Many rows into a table, the fastest way of each database."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * (names.count(",") + 1))
            while block := list(islice(rows, CHUNK)):
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", block)  # noqa: S608 (names of ours)


def index() -> None:
    """The words of every contribution: read, stemmed by `fulltext.stems` in two processes, written; the GIN index is made last."""
    from multiprocessing import get_context

    from django.db import connection

    from dialogue.contributions.models import Contribution, ContributionWords

    table = ContributionWords._meta.db_table
    rows = Contribution.objects.order_by("pk").values_list("pk", "title", "text", "place", "commune__name").iterator(CHUNK)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX {table}_vector")
        with get_context("forkserver").Pool(2) as pool:
            found = pool.imap(stemmed, iter(lambda: list(islice(rows, CHUNK)), []))
            pour(table, "contribution_id, title_stems, stems", (row for block in found for row in block))
        if connection.vendor == "postgresql":
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(f"CREATE INDEX {table}_vector ON {table} USING gin (vector)")
        # What autovacuum does by itself within minutes.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def stemmed(block: list[tuple[Any, ...]]) -> list[tuple[int, str, str]]:
    from dialogue.fulltext.stems import joined, stems_of

    found = []
    for pk, title, text, place, commune in block:
        head = stems_of(title)
        found.append((pk, head, joined(head, stems_of(text), stems_of(f"{place} {commune or ''}"))))
    return found
