"""A progress point from its draft to its correction: what the data say, what is written, what is frozen, who is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from dialogue.chantiers.models import Chantier, Step
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people.stages import Circle
from dialogue.restitution import blocks, checks, content, facts, reading
from dialogue.restitution.acts import points
from dialogue.restitution.acts.paths import Conflict
from dialogue.restitution.facts import ANYBODY
from dialogue.restitution.models import PointLine, PointVersion, ProgressPoint
from dialogue.restitution.stages import PaperStage, Where
from dialogue.territories.models import CalendarDate
from tests import factories as make
from tests.factories_deliverables import make_result
from tests.factories_pacts import make_voted

pytestmark = pytest.mark.django_db


# The draft -------------------------------------------------------------------------------------------------------------


def test_the_draft_says_of_each_chantier_what_anybody_may_read_and_keeps_apart_what_partners_read(place):
    point = place.draft()
    assert [(line.chantier.slug, line.is_public) for line in point.lines.select_related("chantier")] == [
        ("manger-local", True),
        ("en-interne", False),
        ("un-lieu", True),
    ]
    line = place.line(point, place.open)
    assert line.done == "- 1 séance tenue, le 17 octobre 2017."
    assert line.left == ("- Prochaine séance le 15 novembre 2017.\n- Livrable attendu : Un schéma d’approvisionnement.")
    assert (line.calls_partners, line.call) == (True, "Ce sujet vous concerne ? Le groupe accueille de nouveaux partenaires.")
    assert "roadmap" not in line.data
    assert [step["title"] for step in line.reserved["roadmap"]["steps"]] == ["Visiter les cantines", "Écrire le guide"]
    assert line.reserved["weather"] == {"weather": "cloudy", "on": "2017-09-27", "sentence": "Il manque un relais."}
    assert place.line(point, place.paused).left.startswith("- Le groupe fait une pause. Aucun local.")
    assert (
        point.introduction
        == "2 chantiers avancent sur le territoire Sud Gironde. Leurs membres se sont réunis 1 fois depuis l’ouverture."
    )


def test_drafting_twice_gives_the_same_point(place):
    first = place.draft()
    PointLine.objects.filter(point=first).update(done="Écrit à la main.")
    assert place.draft().pk == first.pk
    assert set(first.lines.values_list("done", flat=True)) == {"Écrit à la main."}


def test_a_public_roadmap_is_told_to_all_step_by_step(place):
    place.open.roadmaps.update(circle="public")
    line = place.line(place.draft(), place.open)
    assert "- Feuille de route arrêtée le 23 mai 2017.\n- Visiter les cantines, le 28 juin 2017." in line.done
    assert "- Écrire le guide, pour le 27 octobre 2017." in line.left
    assert "roadmap" not in line.reserved


def test_only_the_coordination_prepares(place):
    for somebody in (place.member, make.make_secretary()):
        with pytest.raises(NotAllowed):
            points.draft_point(place.territory, by=somebody, now=make.NOW, kind=Where.COUNCIL, series=6)


def test_steps_reserved_to_partners_are_written_into_the_texts_on_purpose_and_once(place):
    point = place.draft()
    for _twice in range(2):
        points.use_steps(place.line(point, place.open), **place.facts)
    line = place.line(point, place.open)
    assert line.done.split("\n") == [
        "- 1 séance tenue, le 17 octobre 2017.",
        "- Feuille de route arrêtée le 23 mai 2017.",
        "- Visiter les cantines, le 28 juin 2017.",
    ]
    assert line.left.count("- Écrire le guide, pour le 27 octobre 2017.") == 1
    with pytest.raises(Refused, match="n’a pas d’étapes réservées"):
        points.use_steps(place.line(point, place.paused), **place.facts)


# Writing ---------------------------------------------------------------------------------------------------------------


def test_two_people_who_write_at_once_are_both_heard(place):
    point = place.draft()
    line = place.line(point, place.open)
    values = {"introduction": "Un", "conclusion": ""}
    points.edit_point(point, **place.facts, revision=0, values=values, lines={line.pk: {"done": "Fait.", "is_ready": True}})
    with pytest.raises(Conflict):
        points.edit_point(point, **place.facts, revision=0, values={"introduction": "Deux", "conclusion": ""})
    point.refresh_from_db()
    line.refresh_from_db()
    assert (point.introduction, line.done, line.is_ready, point.edited_by) == ("Un", "Fait.", True, place.desk)


def test_refreshing_one_chantier_keeps_what_was_written_and_drafts_anew_what_was_not(place):
    point = place.draft()
    line = place.line(point, place.open)
    points.edit_point(point, **place.facts, revision=0, values={}, lines={line.pk: {"done": "Nos mots."}})
    make.make_meeting(place.open, number=3, stage="held", starts_at=make.NOW - timedelta(days=1), held_at=make.NOW)
    Step.objects.filter(title="Écrire le guide").update(done_on=date(2017, 11, 3))
    assert checks.review(point, now=make.NOW).changed[line.pk] == [
        "la feuille de route, ses étapes ou ses livrables",
        "les séances",
    ]
    points.refresh_line(line, **place.facts)
    assert line.done == "Nos mots."
    assert (line.data["meetings"]["held"], line.reserved["roadmap"]["steps"][1]["done_on"]) == (2, "2017-11-03")
    assert checks.review(point, now=make.NOW).changed == {}


def test_a_chantier_opened_since_blocks_until_it_is_added_and_may_then_be_left_out(place):
    point = place.draft()
    late = make.make_chantier(title="Tard venu", territories=[place.territory])
    texts = [check.text for check in checks.review(point, now=make.NOW).blocking]
    assert texts == ["Il manque le chantier « Tard venu » : ajoutez-le, ou laissez-le de côté."]
    with pytest.raises(Refused, match="Tard venu"):
        points.freeze_point(point, **place.facts)
    point.refresh_from_db()
    assert point.stage == PaperStage.DRAFTING
    points.refresh_point(point, **place.facts)
    points.leave_out(place.line(point, late), **place.facts)
    assert checks.review(point, now=make.NOW).blocking == []
    told, _reserved = content.of_point(point, point.lines.select_related("chantier"))
    assert "Tard venu" not in str(told)
    points.take_back(place.line(point, late), **place.facts)
    assert "Tard venu" in str(content.of_point(point, point.lines.select_related("chantier"))[0])


def test_the_order_of_the_chantiers_is_the_coordinations(place):
    point = place.draft()
    points.move_line(place.line(point, place.paused), **place.facts, up=True)
    assert [line.chantier.slug for line in point.lines.select_related("chantier")] == ["manger-local", "un-lieu", "en-interne"]
    with pytest.raises(Refused, match="bout de la liste"):
        points.move_line(place.line(point, place.open), **place.facts, up=True)


def test_what_to_look_at_before_freezing_is_said_and_only_some_of_it_blocks(place):
    point = place.draft()
    line = place.line(point, place.open)
    lines = {line.pk: {"left": " ", "call": ""}}
    points.edit_point(point, **place.facts, revision=0, values={"introduction": ""}, lines=lines)
    review = checks.review(point, now=make.NOW)
    assert [check.text for check in review.blocking] == [
        "L’introduction est vide.",
        "« Manger local » : à écrire, ce qui reste, l’appel à partenaires.",
    ]
    assert [check.text for check in review.warnings] == [
        "« Manger local » : la météo a 40 jours.",
        "« En interne » : aucune météo n’a été donnée.",
        "« Un lieu » : aucune météo n’a été donnée.",
        "3 chantiers ne sont pas marqués comme relus.",
    ]
    with pytest.raises(Refused, match="à écrire"):
        points.freeze_point(point, **place.facts)


def test_a_point_for_a_council_that_is_over_says_that_it_tells_today(place):
    point = place.draft()
    CalendarDate.objects.filter(territory=place.territory).update(starts_on=date(2017, 3, 20))
    said = [check.text for check in checks.review(point, now=make.NOW).warnings]
    assert said[-2] == (
        "Ce rendez-vous a eu lieu le lundi 20 mars 2017 : le point dira où en sont les chantiers aujourd’hui, pas ce jour-là."
    )


# Frozen, published, corrected ------------------------------------------------------------------------------------------


def test_what_is_frozen_does_not_change_when_the_data_do_and_carries_two_seals(place):
    point = place.draft()
    version = points.freeze_point(point, **place.facts)
    before = version.content
    Chantier.objects.filter(pk=place.open.pk).update(objective="Tout autre chose.")
    points.publish_point(point, **place.facts)
    kept = PointVersion.objects.get(pk=version.pk)
    assert kept.content == before
    assert (kept.sha256, kept.sha256_reserved) == content.seals(kept.content, kept.reserved)
    assert kept.content["on"] == "2017-11-20"
    assert [entry["facts"]["slug"] for entry in kept.content["entries"]] == ["manger-local", "un-lieu"]
    assert [entry["facts"]["slug"] for entry in kept.reserved["entries"]] == ["en-interne"]
    assert "Il manque un relais" not in str(kept.content)
    with pytest.raises(Refused, match="figé"):
        points.refresh_line(place.line(point, place.open), **place.facts)


def test_what_other_rooms_tell_is_in_the_language_of_the_site_whoever_gathers_it(place):
    make_result(place.open, place.member)
    make_voted(place.open, title="Un guichet")
    with override("en"):
        (results,) = blocks.results([place.open], ANYBODY)[place.open.pk]
        (propositions,) = blocks.propositions([place.open], ANYBODY)[place.open.pk]
    assert (results["title"], propositions["title"]) == ("Résultats publiés", "Propositions à l’assemblée")
    assert propositions["lines"][0]["text"] == "Un guichet · Votée"


def test_frozen_too_early_it_is_reopened_and_nobody_saw_it(place):
    point = place.draft()
    points.freeze_point(point, **place.facts)
    points.thaw_point(point, **place.facts)
    assert (point.stage, point.published_at) == (PaperStage.DRAFTING, None)
    assert not ProgressPoint.objects.visible_to(place.member).exists()
    assert [v.number for v in point.versions.all()] == [1]
    assert points.freeze_point(point, **place.facts).number == 2


def test_publishing_tells_the_groups_at_once_and_the_territory_with_its_digest(place):
    commune = make.make_commune(territory=place.territory)
    neighbour = make.make_person(email="voisin@partenaire.example")
    make.make_mandate(person=neighbour, organisation=make.make_organisation(commune=commune))
    make.make_person(email="ailleurs@partenaire.example")
    place.publish()
    letters = Letter.objects.filter(kind__startswith="restitution.")
    told = sorted(letters.values_list("person__email", "kind", "mode"))
    members = sorted(place.open.members.values_list("representatives__person__email", flat=True))
    assert told == sorted(
        [
            *((email, "restitution.point_published", "immediate") for email in members),
            ("voisin@partenaire.example", "restitution.news", "digest"),
        ]
    )
    mine = letters.get(person=place.member)
    assert mine.subject == "Point d’étape : Sud Gironde"
    assert "/restitution/conseils-6/sud-gironde/" in mine.text
    assert "/chantiers/manger-local/rejoindre/" in mine.text


def test_a_correction_is_a_new_version_with_its_reason_and_visible_differences(place):
    first = place.publish()
    point = ProgressPoint.objects.get()
    points.correct_point(point, **place.facts)
    assert point.is_correction
    with pytest.raises(Refused, match="Dites ce qui change"):
        points.freeze_point(point, **place.facts)
    with pytest.raises(Refused, match="Rien n’a changé depuis la version 1"):
        points.freeze_point(point, **place.facts, note="Rien")
    lines = {place.line(point, place.open).pk: {"done": "- Deux séances tenues."}}
    points.edit_point(point, **place.facts, revision=point.revision, values={}, lines=lines)
    second = place.publish(point, note="Le nombre de séances était faux")
    assert (second.number, second.corrects, second.change_note) == (2, first, "Le nombre de séances était faux")
    told = content.differences(*(reading.parts(reading.point(v.content, None)) for v in (first, second)))
    assert [(change.title, [(p.kind, p.text) for p in change.pieces if p.kind != "same"]) for change in told] == [
        (
            "Manger local : ce qui est fait",
            [("removed", "1"), ("added", "Deux"), ("removed", "séance"), ("added", "séances"),
             ("removed", "tenue, le 17 octobre 2017"), ("added", "tenues")],
        )
    ]  # fmt: skip
    assert Letter.objects.filter(kind="restitution.news", person=place.member).count() == 1


def test_giving_up_a_correction_brings_back_what_is_published(place):
    place.publish()
    point = ProgressPoint.objects.get()
    points.correct_point(point, **place.facts)
    lines = {place.line(point, place.open).pk: {"done": "Faux.", "hidden_decisions": [4]}}
    points.edit_point(point, **place.facts, revision=point.revision, values={"introduction": "Faux."}, lines=lines)
    points.leave_out(place.line(point, place.paused), **place.facts)
    point.refresh_from_db()
    points.give_up_point(point, **place.facts)
    assert point.stage == PaperStage.PUBLISHED
    version = point.versions.get()
    assert content.seals(*content.of_point(point, point.lines.select_related("chantier").order_by("order"))) == (
        version.sha256,
        version.sha256_reserved,
    )


def test_a_draft_that_was_never_frozen_may_be_thrown_away_another_may_not(place):
    point = place.draft()
    points.discard_point(point, **place.facts)
    assert not ProgressPoint.objects.exists()
    point = place.draft()
    points.freeze_point(point, **place.facts)
    points.thaw_point(point, **place.facts)
    with pytest.raises(Refused, match="déjà été figé"):
        points.discard_point(point, **place.facts)


def test_every_move_is_in_the_register_without_a_word_of_text(place):
    place.publish()
    rows = Entry.objects.filter(act__startswith="restitution.").order_by("pk")
    assert list(rows.values_list("act", "stage_from", "stage_to", "facts")) == [
        ("restitution.draft_point", "", "drafting", {"kind": "council", "series": 6}),
        ("restitution.freeze_point", "drafting", "frozen", {}),
        ("restitution.publish_point", "frozen", "published", {}),
    ]
    assert {row.space for row in rows} == {"restitution/conseils-6"}


def test_partners_read_the_results_reserved_to_them_beside_the_public_ones_each_once(place):
    lead = place.member
    make_result(place.open, lead, title="Public")
    make_result(place.open, lead, title="Réservé", circle=Circle.PARTNERS)
    make_result(place.reserved, lead, title="Interne", circle=Circle.PARTNERS)
    gathered = facts.gather(facts.chantiers_in([place.territory]), now=make.NOW)

    def titles(told):
        return [[line["text"] for line in block["lines"]] for block in told["blocks"]]

    data, besides = gathered[place.open.pk]
    assert (titles(data), titles(besides)) == ([["Public"]], [["Réservé"]])
    assert titles(gathered[place.reserved.pk][1]) == [["Interne"]]
