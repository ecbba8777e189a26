"""The carnets of the demonstration: what members propose, what the team chooses, two editions (data/carnet.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from dialogue.chantiers.models import Chantier
from dialogue.demo.cast import DATA, Cast
from dialogue.demo.groups import Group
from dialogue.demo.plates import drawn
from dialogue.demo.story import Story, at
from dialogue.logbook import tasks
from dialogue.logbook.acts import entries, layout, publishing
from dialogue.logbook.figures import governance_figures
from dialogue.logbook.models import Edition, LogbookEntry
from dialogue.logbook.stages import EntryKind, EntryStage, Layout

#: Days between what happened and its proposal; the hour at which people write.
AFTER, HOUR = 2, 20
#: Days before an edition is opened, at the least, for what it holds.
BEFORE = 1
#: What the agreement of a plate is: nobody stands on it.
NOBODY = "Personne de reconnaissable : c’est un dessin."


def script() -> dict[str, Any]:
    with (DATA / "carnet.toml").open("rb") as file:
        return tomllib.load(file)


def tell(story: Story, cast: Cast, groups: Mapping[int, Group]) -> None:
    """Proposals as the groups live; then each edition, opened, laid out and published."""
    written = script()
    for number, row in enumerate(written["edition"], 1):
        for chapter in row["chapter"]:
            for n, entry in enumerate(chapter.get("entry", ())):
                _tell_proposal(story, groups[entry["n"]], entry, latest=row["opened"] - timedelta(days=BEFORE), rank=n)
        opened, published = row["opened"], row["published"]
        story.tell(at(opened, 10), lambda now, row=row: _lay_out(cast, row, now))
        story.tell(at(published, 8, 30), lambda now, number=number: _publish(cast, number, now))
    for n, entry in enumerate(written["left"]):
        group = groups[entry["n"]]
        _tell_proposal(story, group, entry, latest=date(2017, 11, 5), rank=n)
        if "answer" in entry:
            story.tell(at(date(2017, 10, 23), 11, n), lambda now, entry=entry: _refuse(cast, entry, now))


def _tell_proposal(story: Story, group: Group, entry: dict[str, Any], *, latest: date, rank: int) -> None:
    """Some days after it happened, by a member, who may agree to be named."""
    day = min(entry["on"] + timedelta(days=AFTER), latest)
    story.tell(at(day, HOUR, rank), lambda now: propose(group, entry, now))


def propose(group: Group, entry: dict[str, Any], now: datetime) -> LogbookEntry:
    who = entry["who"]
    person = group.partners[(who - 1) % len(group.partners)] if who else group.lead
    kind = EntryKind(entry["kind"])
    words = {name: entry[name] for name in ("text", "figure", "credit", "alternative") if name in entry}
    file = None
    if kind == EntryKind.PHOTO:
        file = ContentFile(drawn(entry["plate"], entry.get("seed", "")), name=f"{entry['plate']}.jpg")
        words["consent_by"] = NOBODY
    made = entries.propose(group.row(), by=person, now=now, kind=kind, on=entry["on"], file=file, consent=True, **words)
    if file is not None:
        tasks.prepare.call(made.pk)
    return made


def _found(entry: dict[str, Any]) -> LogbookEntry:
    """The row of a line of the script."""
    rows = LogbookEntry.objects.filter(chantier__number=entry["n"], kind=entry["kind"], on=entry["on"])
    text = entry["text"].strip()
    return rows.select_related("chantier", "by").get(text=text, **({"figure": entry["figure"]} if "figure" in entry else {}))


def _refuse(cast: Cast, entry: dict[str, Any], now: datetime) -> None:
    entries.refuse(_found(entry), by=cast.second_coordinator, now=now, answer=entry["answer"])


def _lay_out(cast: Cast, row: dict[str, Any], now: datetime) -> None:
    """The team reads, chooses, puts in order."""
    facts = {"by": cast.coordination, "now": now}
    words = {name: row[name] for name in ("title", "period", "editorial", "colophon", "figures_title")}
    edition = layout.draft_edition(None, **facts, **words)
    for chapter in row["chapter"]:
        number = chapter.get("n")
        made = layout.add_chapter(
            edition,
            **facts,
            title=chapter["title"],
            place=chapter["place"],
            period=chapter["period"],
            introduction=chapter["text"],
            chantier=_chantier(number),
        )
        for entry in chapter.get("entry", ()):
            found = _found(entry)
            if found.stage == EntryStage.PROPOSED:
                entries.choose(found, **facts)
            chosen = Layout(entry["layout"]) if "layout" in entry else None
            layout.place(made, **facts, entry=found, layout=chosen)
    rows = [{"value": f.value, "title": f.title, "source": f.source} for f in governance_figures(2017)]
    layout.set_figures(edition, **facts, rows=rows)


def _chantier(number: int | None) -> Any:
    return Chantier.objects.get(number=number) if number else None


def _publish(cast: Cast, number: int, now: datetime) -> None:
    edition = Edition.objects.get(number=number)
    publishing.publish_edition(edition, by=cast.coordination, now=now)
