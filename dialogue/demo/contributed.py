"""How 3,800 contributions of the last quarter of 2016 led to the 26 chantiers: imported, sorted, answered, put before the councils."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from dialogue.chantiers.acts import choosing
from dialogue.chantiers.models import Candidate, Chantier
from dialogue.chantiers.stages import Reason
from dialogue.contributions.acts import answers, campaigns, clusters, imports, imports_run, second, sorting
from dialogue.contributions.models import AnswerTemplate, Campaign, Cluster, Contribution, SecondReading
from dialogue.contributions.stages import ClusterStage, Naming, Stage
from dialogue.demo.cast import DATA, Cast
from dialogue.demo.contributions import Deposit, generate
from dialogue.demo.story import Story, at
from dialogue.people.stages import Circle
from dialogue.territories.acts import set_priorities
from dialogue.territories.acts.priorities import Change
from dialogue.territories.models import CalendarDate, Territory, Theme
from dialogue.territories.stages import DateKind

CAMPAIGN = "Contributions aux pactes territoriaux, dernier trimestre 2016"
NEXT_CAMPAIGN = "Contributions pour les pactes de 2018"
HEADER = [
    "identifiant", "titre", "texte", "nature", "theme", "second_theme", "territoire", "commune", "organisme", "nom", "courriel", "date",
]  # fmt: skip
FIELDS = [
    "external_id", "title", "text", "nature", "theme", "second_theme", "territory", "commune", "organisation", "author_name",
    "author_email", "written_on",
]  # fmt: skip
#: Of each kind of answer, how many were sent by the reference date, and how many wait for a last reading.
ANSWERED, READY = 60, 24
#: What nobody had sorted when the file came.
UNSORTED = {"off_topic", "hostile", "too_short"}
#: Cells of which people named the groups: theme, territory.
GROUPED = [("alimentaire", "sud-gironde"), ("mobilite", "libournais"), ("services", "sud-gironde")]
NAMED_WORDS = 3


def tell(story: Story, cast: Cast) -> None:
    """From the campaign of autumn 2016 to what the councils of November 2017 will examine."""
    told = Contributed(cast)
    for moment, happen in (
        (at(date(2017, 1, 9), 9), told.open_campaign),
        (at(date(2017, 1, 16), 10), told.bring),
        (at(date(2017, 1, 30), 9), told.sort),
        (at(date(2017, 2, 6), 9), told.set_priorities),
        (at(date(2017, 2, 20), 9), told.put_candidates),
        (at(date(2017, 3, 31), 9, 30), told.decide),
        (at(date(2017, 4, 10), 9), told.group),
        (at(date(2017, 5, 2), 9), told.read_twice),
        (at(date(2017, 6, 12), 9), told.answer),
        (at(date(2017, 10, 23), 9), told.prepare_councils),
    ):
        story.tell(moment, happen)


class Contributed:
    def __init__(self, cast: Cast) -> None:
        self.by = cast.coordination
        self.second_reader = cast.second_coordinator
        self.deposits: list[Deposit] = []

    # The campaign and its file -----------------------------------------------------------------------------------------

    def open_campaign(self, now: datetime) -> None:
        common = {"by": self.by, "now": now, "is_announced": True, "circle": Circle.PUBLIC, "moderate_first": True}
        question = "Que voulez-vous dire pour votre territoire ?"
        campaigns.open_campaign(
            None, title=CAMPAIGN, question=question, opens_on=date(2016, 10, 3), closes_on=date(2016, 12, 31),
            introduction="Une initiative, un besoin, une idée : ce que vous écrivez nourrit le pacte de votre territoire.",
            read_within_days=3, answer_within_days=345, **common,
        )  # fmt: skip
        campaigns.open_campaign(
            None, title=NEXT_CAMPAIGN, question=question, opens_on=date(2017, 10, 2), closes_on=date(2018, 1, 31),
            introduction="Les conseils de territoire de novembre liront vos premières contributions.",
            read_within_days=3, answer_within_days=120, **common,
        )  # fmt: skip
        for kind, title, text in TEMPLATES:
            answers.write_template(None, by=self.by, now=now, kind=kind, title=title, text=text)

    def bring(self, now: datetime) -> None:
        """Two files: the texts whose authors agreed to their publication, and the others."""
        self.deposits = generate()
        campaign = Campaign.objects.get(title=CAMPAIGN)
        for may_publish in (True, False):
            rows = [one for one in self.deposits if one.consent is may_publish]
            name = f"contributions-2016-{'publiables' if may_publish else 'sans-accord'}.csv"
            batch = imports.upload_batch(campaign, by=self.by, now=now, file=io.BytesIO(_csv(rows)), filename=name)
            choices = {"may_publish": may_publish, "naming": Naming.ORGANISATION.value, "sorted": True}
            mapping = {field: place for place, field in enumerate(FIELDS)}
            imports.map_batch(batch, by=self.by, now=now, mapping=mapping, choices=choices)
            imports_run.check(batch.pk, imports_run.ask_check(batch), by=self.by, now=now)
            batch.refresh_from_db()
            beat = imports_run.fresh_beat()
            imports.start_import(batch, by=self.by, now=now, beat=beat, may_publish=may_publish)
            imports_run.run(batch.pk, beat, now=now)

    def _rows(self, *kinds: str) -> list[Contribution]:
        ids = [one.external_id for one in self.deposits if one.kind in kinds]
        return list(Contribution.objects.filter(external_id__in=ids).order_by("number"))

    def sort(self, now: datetime) -> None:
        """What was off topic or out of order was read; the rest of what says no theme still waits."""
        for row in self._rows("hostile"):
            if row.stage in sorting.READABLE:
                sorting.judge_inadmissible(row, by=self.by, now=now, motive=INADMISSIBLE)
        for row in self._rows("off_topic")[:20]:
            if row.stage in answers.ANSWERABLE:
                answers.refer(row, by=self.by, now=now, answer=OFF_TOPIC)
                answers.send_answer(row, by=self.by, now=now)
        for row in self._rows("too_short")[:4]:
            if row.stage in sorting.READABLE:
                sorting.ask_to_complete(row, by=self.by, now=now, motive="Dites-nous où, et ce qui manque aujourd’hui.")

    # Why these chantiers ----------------------------------------------------------------------------------------------

    def set_priorities(self, now: datetime) -> None:
        places, themes = _codes(Territory), _codes(Theme)
        rows = [
            Change(places[territory].pk, themes[theme].pk, None, f"{themes[theme].name} : une priorité du pacte.")
            for territory, code in PRIORITIES.items()
            for theme in code
        ]
        set_priorities(None, by=self.by, now=now, rows=rows, count=len(rows))

    def put_candidates(self, now: datetime) -> None:
        for chantier in Chantier.objects.order_by("number").prefetch_related("territories").select_related("theme"):
            territory = chantier.territories.all()[0]
            self._put(now, chantier.theme, territory, Reason(chantier.reason), chantier.reason_text)
        self._put(now, _codes(Theme)["numerique"], _codes(Territory)["haute-gironde"], Reason.FEW, "Sept contributions, d’un même canton.")

    def _put(self, now: datetime, theme: Theme, territory: Territory, reason: Reason, note: str) -> Candidate:
        chosen: Iterable[Contribution] = ()
        if reason == Reason.STRUCTURING:
            chosen = Contribution.objects.standing().filter(theme=theme, territory=territory)
        candidate = choosing.put_candidate(
            None, by=self.by, now=now, theme=theme, territory=territory, reason=reason, note=note, contributions=chosen
        )
        choosing.announce_candidate(candidate, by=self.by, now=now)
        return candidate

    def decide(self, now: datetime) -> None:
        """The councils of March 2017 retain 26 candidates, and set one aside."""
        council = CalendarDate.objects.filter(kind=DateKind.COUNCIL, series=5).first()
        assert council is not None  # noqa: S101 (the frame has it)
        chantiers = {(c.theme_id, t.pk): c for c in Chantier.objects.prefetch_related("territories") for t in c.territories.all()}
        for candidate in Candidate.objects.select_related("theme", "territory").order_by("pk"):
            chantier = chantiers.get((candidate.theme_id, candidate.territory_id))
            if chantier is None:
                motive = "Un syndicat porte déjà ce sujet : le Département s’y associe."
                choosing.set_aside_candidate(candidate, by=self.by, now=now, council=council, motive=motive)
                continue
            choosing.retain_candidate(candidate, by=self.by, now=now, council=council)
            choosing.tie_candidate(candidate, by=self.by, now=now, chantier=chantier)

    def prepare_councils(self, now: datetime) -> None:
        """What the councils of November will examine."""
        places, themes = _codes(Territory), _codes(Theme)
        for theme, territory, reason, note in TO_EXAMINE:
            self._put(now, themes[theme], places[territory], reason, note)

    # Reading and answering --------------------------------------------------------------------------------------------

    def group(self, now: datetime) -> None:
        places, themes = _codes(Territory), _codes(Theme)
        for theme, territory in GROUPED:
            clusters.make_clusters(None, by=self.by, now=now, theme=themes[theme], territory=places[territory])
        for row in Cluster.objects.filter(stage=ClusterStage.LIVE):
            name = ", ".join(row.words[:NAMED_WORDS])
            clusters.name_cluster(row, by=self.by, now=now, name=name[:1].upper() + name[1:])

    def read_twice(self, now: datetime) -> None:
        """A sample read again by somebody else, who mostly agrees: once in eleven, another theme seems nearer."""
        second.draw_second_reading(None, by=self.by, now=now)
        truth = {one.external_id: one.theme for one in self.deposits}
        themes = _codes(Theme)
        others = list(themes.values())
        rows = SecondReading.objects.select_related("contribution").order_by("pk")
        for n, reading in enumerate(rows[:90], start=1):
            theme = themes.get(truth.get(reading.contribution.external_id, ""), reading.first_theme)
            if n % 11 == 0:
                theme = others[(others.index(theme) + 1) % len(others)]
            second.read_second(reading, by=self.second_reader, now=now, theme=theme)

    def answer(self, now: datetime) -> None:
        """Some authors have their answer; some answers are ready to leave."""
        rows = list(Contribution.objects.filter(stage=Stage.QUALIFIED, batch__isnull=False).order_by("number")[: ANSWERED + READY])
        template = AnswerTemplate.objects.filter(kind="closed").first()
        for n, row in enumerate(rows):
            text = template.text.replace("{titre}", row.title).replace("{territoire}", str(row.territory)) if template else OFF_TOPIC
            answers.close(row, by=self.by, now=now, answer=text)
            if n < ANSWERED:
                answers.send_answer(row, by=self.by, now=now)


def _codes(model: Any) -> dict[str, Any]:
    return {row.code: row for row in model.objects.all()}


def _csv(rows: list[Deposit]) -> bytes:
    themes = {row.code: row.name for row in Theme.objects.all()}
    places = {row.code: row.name for row in Territory.objects.all()}
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(HEADER)
    for one in rows:
        writer.writerow(
            [
                one.external_id, one.title, one.text, one.nature,
                "" if one.kind in UNSORTED else themes.get(one.filed_under, ""), themes.get(one.second_theme, ""),
                places.get(one.territory, ""), one.commune, one.organisation, one.author_name, one.author_email,
                one.written_at.isoformat(),
            ]
        )  # fmt: skip
    return buffer.getvalue().encode()


def _read_choices() -> dict[str, Any]:
    import tomllib

    with (DATA / "choix.toml").open("rb") as file:
        return tomllib.load(file)


_CHOICES = _read_choices()
PRIORITIES: dict[str, list[str]] = _CHOICES["priorities"]
TEMPLATES: list[tuple[str, str, str]] = [(row["kind"], row["title"], row["text"]) for row in _CHOICES["template"]]
TO_EXAMINE: list[tuple[str, str, Reason, str]] = [
    (row["theme"], row["territory"], Reason(row["reason"]), row["note"]) for row in _CHOICES["candidate"]
]
INADMISSIBLE: str = _CHOICES["inadmissible"]
OFF_TOPIC: str = _CHOICES["off_topic"]
