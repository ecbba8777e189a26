"""Loads the demonstration: the frame of 2017, then the story of its groups, played up to a date."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from typing import Any

from dialogue.chantiers.acts import cooperations, demands, invitations, roadmap
from dialogue.chantiers.models import Chantier, JoinRequest, PlannedDeliverable, Step
from dialogue.chantiers.stages import RoadmapStage
from dialogue.demo import archive, assembly, contributed, deliverables, evaluation, logbook, pacts, restitution, work
from dialogue.demo.cast import DATA, NEWCOMER, Cast, assemble, newcomer
from dialogue.demo.groups import Group, meeting_days
from dialogue.demo.story import Story, at
from dialogue.people.models import Mandate
from dialogue.people.stages import Circle
from dialogue.territories.acts import add_date
from dialogue.territories.models import Territory
from dialogue.territories.stages import DateKind, Precision

#: The sixth councils, territory by territory (November 2017; the days are invented).
COUNCILS = {
    "medoc": 14, "libournais": 16, "sud-gironde": 20, "bordeaux": 21, "haute-gironde": 23, "graves": 24,
    "hauts-de-garonne": 27, "bassin-d-arcachon-val-de-l-eyre": 28, "porte-du-medoc": 30,
}  # fmt: skip

#: The demonstration's date, a Monday: the councils n° 6 begin the week after.
REFERENCE = date(2017, 11, 6)


def script() -> list[dict[str, Any]]:
    """What the 26 groups agreed (data/chantiers.toml)."""
    with (DATA / "chantiers.toml").open("rb") as file:
        return tomllib.load(file)["chantier"]


def tell(cast: Cast) -> Story:
    """The whole story, up to March 2018."""
    story = Story()
    archive.tell(story, cast)
    contributed.tell(story, cast)
    groups = {row["n"]: Group(cast, row) for row in script()}
    for group in groups.values():
        group.tell(story)
        work.tell(story, group, meeting_days(group.number), group.next_day)
    deliverables.tell(story, groups)
    assembly.tell(story, groups)
    _tell_requests(story, cast, groups)
    _tell_invitations(story, cast, groups)
    _tell_cooperations(story, groups)
    _tell_new_version(story, groups[6])
    _tell_newcomers(story)
    _tell_councils(story, cast)
    evaluation.tell(story, cast, groups)
    pacts.tell(story, cast)
    restitution.tell(story, cast, COUNCILS)
    logbook.tell(story, cast, groups)
    return story


def play(reference: datetime) -> int:
    """Plays the story up to `reference` (the frame is loaded, the first coordinator exists); returns the number of events."""
    return tell(assemble()).play(reference)


def _tell_requests(story: Story, cast: Cast, groups: dict[int, Group]) -> None:
    asks = [  # number, who asks, when, why, answer: number of days later, or None while it waits
        (2, cast.by_theme["revitalisation"][0], date(2017, 9, 18), "Nos artisans livrent déjà deux écoles du canton.", 2),
        (3, cast.by_territory["bordeaux"][3], date(2017, 6, 12), "Nous tenons un jardin partagé au pied des immeubles.", 4),
        (6, cast.by_territory["graves"][3], date(2017, 9, 4), "Nos usagers n’ont pas de voiture.", 3),
        (21, cast.by_territory["graves"][3], date(2017, 7, 3), "Nous ouvrons un poste libre-service.", 5),
        (2, cast.by_territory["graves"][2], date(2017, 11, 3), "Nous préparons des paniers pour les écoles voisines.", None),
        (13, cast.by_theme["mobilite"][0], date(2017, 10, 29), "Nos bénévoles peuvent conduire les visiteurs.", None),
        (24, cast.by_theme["europe"][1], date(2017, 10, 20), "Trois de nos associations cherchent un local dans un bourg.", None),
        (16, cast.outside, date(2017, 9, 25), "Nous avons du matériel à prêter.", -3),
    ]
    for number, person, day, why, days in asks:
        _tell_request(story, groups[number], person, day, why, days)


def _tell_request(story: Story, group: Group, person: Any, day: date, why: str, days: int | None) -> None:
    def ask(now: datetime) -> None:
        organisation = Mandate.objects.get(person=person, until=None).organisation
        demands.request_to_join(group.row(), by=person, now=now, organisation=organisation, motivation=why)

    def answer(now: datetime) -> None:
        request = JoinRequest.objects.waiting().get(chantier__number=group.number, person=person)
        if days is not None and days > 0:
            demands.accept_request(request, by=group.lead, now=now)
        else:
            motive = "Le groupe écrit sa convention avec les maires seulement. Nous vous inviterons à l’essai, en janvier."
            demands.refuse_request(request, by=group.lead, now=now, motive=motive)

    story.tell(at(day, 20, 15), ask)
    if days is not None:
        story.tell(at(day + timedelta(days=abs(days)), 9, 10), answer)


def _tell_invitations(story: Story, cast: Cast, groups: dict[int, Group]) -> None:
    for number, theme, email in ((22, "insertion", "atelier@partenaire.example"), (8, "habitat", "camping@partenaire.example")):
        group, organisation = groups[number], cast.organisation_of[cast.by_theme[theme][0].pk]

        def invite(now: datetime, group: Group = group, organisation: Any = organisation, email: str = email) -> None:
            message = "Votre expérience nous aiderait : la prochaine séance est ouverte."
            invitations.invite(group.row(), by=group.lead, now=now, organisation=organisation, email=email, message=message)

        story.tell(at(date(2017, 10, 30), 15, number), invite)


def _tell_cooperations(story: Story, groups: dict[int, Group]) -> None:
    born = [
        (2, date(2017, 9, 22), "Commandes groupées de légumes", "Quatre communes achètent ensemble aux mêmes maraîchers."),
        (6, date(2017, 10, 6), "Planning commun des conducteurs bénévoles", "Deux associations partagent leurs conducteurs."),
        (17, date(2017, 9, 22), "Un stand commun aux forums de rentrée", "Les quatre communes se présentent ensemble."),
        (21, date(2017, 10, 16), "Permanences numériques tournantes", "La bibliothèque et l’association se relaient."),
    ]
    for number, day, title, text in born:
        group = groups[number]

        def record(now: datetime, group: Group = group, title: str = title, text: str = text) -> None:
            both = [group.cast.organisation_of[person.pk] for person in group.partners[:2]]
            cooperations.record_cooperation(
                group.row(),
                by=group.lead,
                now=now,
                title=title,
                organisations=both,
                since=now.date(),
                description=text,
                circle=Circle.PARTNERS,
            )

        story.tell(at(day, 16, 30), record)


def _tell_new_version(story: Story, group: Group) -> None:
    """The third meeting of chantier 6 decides to go further: a second version, with visible differences."""

    def change(now: datetime) -> None:
        draft = roadmap.start_new_version(group.row(), by=group.lead, now=now)
        step: Step = draft.steps.get(title="Ouvrir le numéro unique")
        values = {"title": "Ouvrir le numéro unique dans deux cantons", "due_on": date(2018, 1, 12)}
        roadmap.edit_line(step, by=group.lead, now=now, revision=step.revision, values=values)
        item: PlannedDeliverable = draft.deliverables.get(title__startswith="Un numéro unique")
        roadmap.edit_line(
            item, by=group.lead, now=now, revision=item.revision, values={"title": item.title, "due_on": date(2018, 2, 15)}
        )
        values = {"title": "Évaluer l’essai avec les usagers", "due_on": date(2018, 2, 9)}
        roadmap.add_line(draft, by=group.partners[0], now=now, line="etape", values=values)

    def adopt(now: datetime) -> None:
        note = "Le numéro unique est d’abord essayé dans deux cantons ; les usagers diront s’il faut l’étendre."
        chantier = Chantier.objects.get(number=group.number)
        roadmap.adopt_new_version(chantier, by=group.sponsor, now=now, meeting_number=3, adopted_on=now.date(), change_note=note)
        roadmap_row = chantier.roadmaps.get(stage=RoadmapStage.ADOPTED)
        assert roadmap_row.version == 2  # noqa: PLR2004, S101 (the story itself is checked)

    story.tell(at(date(2017, 10, 16), 10), change)
    story.tell(at(date(2017, 10, 16), 18), adopt)


def _tell_newcomers(story: Story) -> None:
    people = [
        (
            2,
            "epicerie@partenaire.example",
            "Gérante",
            "L’Épicerie du bourg",
            "Je veux suivre le chantier sur les centres-bourgs.",
        ),
        (4, NEWCOMER, "Secrétaire", "Club nautique du Port", "Notre club accueille des jeunes du quartier."),
        (5, "lycee@partenaire.example", "Proviseure", "Lycée agricole des Coteaux", "Nos élèves produisent des légumes."),
    ]
    for day, email, job, organisation, why in people:

        def arrive(now: datetime, email: str = email, job: str = job, organisation: str = organisation, why: str = why) -> None:
            newcomer(now, email, f"{job}, {organisation}", organisation, why)

        story.tell(at(date(2017, 11, day), 21, 5), arrive)


def _tell_councils(story: Story, cast: Cast) -> None:
    """In October the coordination announces the council of each territory."""
    for code, day in COUNCILS.items():

        def announce(now: datetime, code: str = code, day: int = day) -> None:
            territory = Territory.objects.get(code=code)
            values = {
                "kind": DateKind.COUNCIL,
                "series": 6,
                "title": f"Conseil de territoire n° 6, {territory}",
                "territory": territory,
                "precision": Precision.TIME,
                "starts_on": date(2017, 11, day),
                "starts_at": time(18),
                "place": "Salle du conseil",
                "description": "Point d’étape des chantiers, nouveaux partenaires, suites à donner.",
            }
            add_date(None, by=cast.coordination, now=now, values=values)

        story.tell(at(date(2017, 10, 2), 14, day), announce)
