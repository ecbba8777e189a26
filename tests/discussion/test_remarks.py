"""Remarks on the roadmap and its deliverables; what a remark quotes; letters that wait when a message changes."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from dialogue.chantiers.models import PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage
from dialogue.discussion import acts
from dialogue.discussion.letters import url_of_comment
from dialogue.discussion.models import Comment, Thread
from dialogue.discussion.stages import Outcome, Subject
from dialogue.ledger.acts import Refused
from dialogue.mailer import delivery, refusals
from dialogue.mailer.models import Letter
from tests.factories import NOW, make_coordinator, make_deliverable, make_objective, make_person, make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(group):
    """With a roadmap in force that has an objective."""
    chantier, people = group
    roadmap = make_roadmap(chantier, stage=RoadmapStage.ADOPTED)
    make_objective(roadmap, title="Douze communes équipées", indicator="repas bio servis", target_value="12")
    return chantier, people, roadmap


def page_of(chantier, roadmap):
    return reverse("chantiers:roadmap_version", args=[chantier.slug, roadmap.version])


def door_of(chantier, roadmap):
    return reverse("discussion:roadmap", args=[chantier.slug, roadmap.version])


def test_a_member_makes_a_remark_on_a_line_of_the_roadmap(group, client_for):
    chantier, people, roadmap = group
    line = roadmap.objectives.first()
    client = client_for(people["anne"])
    assert door_of(chantier, roadmap) in client.get(page_of(chantier, roadmap)).content.decode()
    given = {"text": "Dix communes, non douze.", "passage": f"objectif-{line.pk}", "passage_text": line.title}
    shown = client.post(door_of(chantier, roadmap), given, follow=True)
    thread = Thread.objects.get(roadmap=roadmap)
    assert shown.redirect_chain == [(f"{page_of(chantier, roadmap)}#m{thread.comments.get().pk}", 302)]
    page = shown.content.decode()
    assert "Dix communes, non douze." in page
    assert f'href="#objectif-{line.pk}"' in page
    assert f'id="objectif-{line.pk}"' in page
    assert "dans ce passage." not in page
    assert thread.comments.get().outcome == Outcome.OPEN
    line.title = "Autre chose"
    line.save()
    assert "Ces mots ne sont pas, ou plus, dans ce passage." in client.get(page_of(chantier, roadmap)).content.decode()


def test_two_first_remarks_make_one_thread(group, client_for):
    chantier, people, roadmap = group
    for name in ("anne", "bilal"):
        assert client_for(people[name]).post(door_of(chantier, roadmap), {"text": "D’accord"}).status_code == 302
    assert Thread.objects.get(roadmap=roadmap).comments.count() == 2


def test_an_observer_and_people_outside_do_not_speak_of_the_roadmap(group, client_for):
    chantier, people, roadmap = group
    assert client_for(people["observer"]).post(door_of(chantier, roadmap), {"text": "Oui"}).status_code == 403
    assert client_for(make_person()).post(door_of(chantier, roadmap), {"text": "Oui"}).status_code in {403, 404}
    assert not Thread.objects.exists()


def test_the_remarks_on_a_public_roadmap_stay_in_the_group(group, client_for):
    chantier, people, roadmap = group
    client_for(people["anne"]).post(door_of(chantier, roadmap), {"text": "Entre nous seulement"})
    type(roadmap).objects.filter(pk=roadmap.pk).update(circle="public")
    type(chantier).objects.filter(pk=chantier.pk).update(circle="public")
    shown = client_for(None).get(page_of(chantier, roadmap))
    assert shown.status_code == 200
    assert "Entre nous seulement" not in shown.content.decode()


def test_a_version_that_was_replaced_takes_no_remark(group, client_for):
    chantier, people, roadmap = group
    type(roadmap).objects.filter(pk=roadmap.pk).update(stage=RoadmapStage.SUPERSEDED)
    client = client_for(people["anne"])
    page = client.get(page_of(chantier, roadmap)).content.decode()
    assert "Cette version a été remplacée" in page
    refused = client.post(door_of(chantier, roadmap), {"text": "Trop tard"})
    assert refused.status_code == 422
    assert "Trop tard" in refused.content.decode()
    assert not Comment.objects.exists()
    assert not Thread.objects.exists()


def test_a_deliverable_has_its_remarks_and_the_roadmap_counts_them(group, client_for):
    chantier, people, roadmap = group
    line = PlannedDeliverable.objects.create(roadmap=roadmap, title="Un guide des achats", order=9)
    client, door = client_for(people["anne"]), reverse("discussion:deliverable", args=[chantier.slug, line.pk])
    assert "Aucune remarque" in client.get(door).content.decode()
    assert client.post(door, {"text": " "}).status_code == 422
    shown = client.post(door, {"text": "Et les circuits courts"}, follow=True)
    assert "Et les circuits courts" in shown.content.decode()
    assert Thread.objects.get(deliverable=line).title == "Livrable : Un guide des achats"
    assert "1 remarque</small>" in client.get(page_of(chantier, roadmap)).content.decode()
    assert client_for(make_person()).get(door).status_code in {403, 404}


def test_the_letter_of_a_remark_leads_to_the_message_on_the_page_of_the_thing(group):
    chantier, people, roadmap = group
    thread = acts.open_thread(
        chantier, by=people["lead"], now=NOW, subject=Subject.ROADMAP, title="Feuille de route", roadmap=roadmap
    )
    remark = acts.post_comment(thread, by=people["anne"], now=NOW, text="Dix communes")
    letter = Letter.objects.get(person=people["bilal"])
    assert f"{page_of(chantier, roadmap)}#m{remark.pk}" in letter.text


def start(chantier, by, **fields):
    return acts.start_thread(chantier, by=by, now=NOW, **({"title": "Qui livre ?", "text": "Le mercredi."} | fields))


def test_the_fifty_first_message_is_found_on_the_second_page(group):
    chantier, people, _roadmap = group
    thread = start(chantier, people["anne"])
    later = [(NOW + timedelta(minutes=n), f"Message {n}") for n in range(50)]
    said = [thread.comments.get(), *(acts.post_comment(thread, by=people["bilal"], now=at, text=text) for at, text in later)]
    address = reverse("discussion:thread", args=[chantier.slug, thread.pk])
    assert url_of_comment(said[49]) == f"{address}#m{said[49].pk}"
    assert url_of_comment(said[50]) == f"{address}?remarques=2#m{said[50].pk}"


def test_a_refused_message_is_corrected_and_leads_to_its_thread(group, client_for):
    chantier, people, _roadmap = group
    thread = start(chantier, people["anne"])
    client, post = client_for(people["bilal"]), reverse("discussion:post", args=[chantier.slug, thread.pk])
    refused = client.post(post, {"text": " ", "next": "/"}).content.decode()
    again = re.search(r'name="next" value="([^"]*)"', refused)[1]
    done = client.post(post, {"text": "Oui", "next": again}, follow=True)
    assert done.status_code == 200
    assert done.redirect_chain[-1][0].startswith(reverse("discussion:thread", args=[chantier.slug, thread.pk]))


def test_what_waits_in_a_digest_says_the_corrected_text(group):
    chantier, people, _roadmap = group
    comment = start(chantier, people["anne"]).comments.get()
    acts.edit_comment(comment, by=people["anne"], now=NOW, text="Le jeudi, @Bilal Haddad.")
    told = {letter.person_id: letter for letter in Letter.objects.filter(dedupe=f"comment-{comment.pk}")}
    assert {pk: letter.kind for pk, letter in told.items()} == {
        people["lead"].pk: "discussion.comment",
        people["bilal"].pk: "discussion.mention",
        people["observer"].pk: "discussion.comment",
    }
    assert all("Le jeudi" in letter.text and "Le mercredi" not in letter.text for letter in told.values())


def test_a_letter_that_left_is_not_sent_again_by_a_correction(group):
    chantier, people, _roadmap = group
    comment = start(chantier, people["anne"]).comments.get()
    Letter.objects.update(stage="sent")
    acts.edit_comment(comment, by=people["anne"], now=NOW, text="Le jeudi.")
    assert not Letter.objects.filter(stage="queued").exists()


def test_a_hidden_message_leaves_in_no_digest_and_comes_back_when_it_is_shown(group):
    chantier, people, _roadmap = group
    comment = start(chantier, people["anne"], text="Un mot déplacé").comments.get()
    acts.hide_comment(comment, by=people["lead"], now=NOW, motive="Attaque personnelle")
    assert not Letter.objects.filter(text__contains="a écrit au groupe").exists()
    acts.show_comment(comment, by=people["lead"], now=NOW)
    assert Letter.objects.filter(text__contains="Un mot déplacé", kind="discussion.comment").count() == 3


def test_the_answer_to_a_hidden_remark_is_hidden_with_it(group, client_for):
    chantier, people, roadmap = group
    thread = acts.open_thread(
        chantier, by=people["lead"], now=NOW, subject=Subject.ROADMAP, title="Feuille de route", roadmap=roadmap
    )
    remark = acts.post_comment(thread, by=people["anne"], now=NOW, text="Un mot déplacé")
    acts.settle_remark(remark, by=people["lead"], now=NOW, outcome=Outcome.NOT_KEPT, reason="On ne parle pas ainsi.")
    acts.hide_comment(remark, by=people["lead"], now=NOW, motive="Attaque personnelle")
    assert "On ne parle pas ainsi." not in client_for(people["bilal"]).get(page_of(chantier, roadmap)).content.decode()
    assert "On ne parle pas ainsi." in client_for(people["lead"]).get(page_of(chantier, roadmap)).content.decode()


def test_the_letter_counts_the_other_members_whoever_writes(group):
    chantier, people, _roadmap = group
    start(chantier, make_coordinator())
    assert "par les 3 autres membres du groupe et par la coordination" in Letter.objects.get(person=people["anne"]).text
    Letter.objects.all().delete()
    start(chantier, people["bilal"])
    assert "par les 3 autres membres du groupe et par la coordination" in Letter.objects.get(person=people["anne"]).text


def test_the_form_of_the_space_sent_twice_starts_one_talk(group, client_for):
    chantier, people, _roadmap = group
    client = client_for(people["anne"])
    space = client.get(reverse("chantiers:space", args=[chantier.slug])).content.decode()
    key = re.search(r'name="client_key" value="([0-9a-f-]{36})"', space)[1]
    assert uuid.UUID(key)
    for _ in range(2):
        client.post(reverse("discussion:list", args=[chantier.slug]), {"title": "Une fois", "text": "Bonjour", "client_key": key})
    assert Thread.objects.filter(title="Une fois").count() == 1


def test_the_lead_answers_a_remark_with_the_form(group, client_for):
    chantier, people, roadmap = group
    client_for(people["anne"]).post(door_of(chantier, roadmap), {"text": "Dix communes"})
    remark, client = Comment.objects.get(), client_for(people["lead"])
    door = reverse("discussion:settle", args=[chantier.slug, remark.pk])
    assert client.post(door, {"outcome": "not_kept", "reason": ""}).status_code == 422
    done = client.post(door, {"outcome": "not_kept", "reason": "Douze ont délibéré."}, follow=True)
    assert "Douze ont délibéré." in done.content.decode()
    assert client.post(door, {"reopen": "1"}).status_code == 302
    assert Comment.objects.get().outcome == Outcome.OPEN


def test_a_deliverable_keeps_its_remarks_through_the_versions_of_the_roadmap(group, client_for):
    chantier, people, roadmap = group
    old = make_deliverable(roadmap, title="Un guide des achats")
    gone = make_deliverable(roadmap, title="Un film")
    client = client_for(people["anne"])
    for row in (old, gone):
        client.post(reverse("discussion:deliverable", args=[chantier.slug, row.pk]), {"text": "Et les circuits courts"})
    type(roadmap).objects.filter(pk=roadmap.pk).update(stage=RoadmapStage.SUPERSEDED)
    second = make_roadmap(chantier, version=2, stage=RoadmapStage.ADOPTED)
    new = make_deliverable(second, title="Un guide des achats", key=old.key)
    door = reverse("discussion:deliverable", args=[chantier.slug, new.pk])
    assert "1 remarque</small>" in client.get(page_of(chantier, second)).content.decode()
    assert "Et les circuits courts" in client.get(door).content.decode()
    assert client.post(door, {"text": "Et le bio"}).status_code == 302
    assert Thread.objects.get(deliverable__key=old.key).comments.count() == 2
    refused = client.post(reverse("discussion:deliverable", args=[chantier.slug, gone.pk]), {"text": "Un mot de plus"})
    assert refused.status_code == 422
    assert "plus dans la feuille de route" in refused.content.decode()
    assert Thread.objects.get(deliverable=gone).comments.count() == 1


def test_what_an_indicator_or_a_date_says_may_be_quoted(group, client_for):
    chantier, people, roadmap = group
    line = roadmap.objectives.get()
    given = {"text": "Lesquelles", "passage": f"objectif-{line.pk}", "passage_text": "repas bio"}
    shown = client_for(people["anne"]).post(door_of(chantier, roadmap), given, follow=True).content.decode()
    assert "dans ce passage." not in shown


def test_words_quoted_without_choosing_a_point_are_kept(group, client_for):
    chantier, people, roadmap = group
    client_for(people["anne"]).post(door_of(chantier, roadmap), {"text": "Non", "passage": "", "passage_text": "une tournée"})
    assert Comment.objects.get().passage_text == "une tournée"


def test_a_remark_on_a_draft_leads_to_its_line_and_a_refused_line_leaves_the_way_to_follow(group, client_for):
    chantier, people, _roadmap = group
    draft = make_roadmap(chantier, version=2)
    line = make_objective(draft, title="Vingt communes")
    client = client_for(people["lead"])
    client.post(door_of(chantier, draft), {"text": "Trop", "passage": f"objectif-{line.pk}"})
    page = reverse("chantiers:roadmap", args=[chantier.slug])
    shown = client.get(page).content.decode()
    assert f'href="#objectif-{line.pk}"' in shown
    assert f'id="objectif-{line.pk}"' in shown
    refused = client.post(reverse("chantiers:roadmap_add", args=[chantier.slug, "objectif"]), {"title": ""})
    assert refused.status_code == 422
    assert f'href="{page}#objectif-{line.pk}"' in refused.content.decode()
    follow = re.search(r'action="([^"]*/suivre/)".*?name="next" value="([^"]*)"', refused.content.decode())
    assert client.post(follow[1], {"next": follow[2]}, follow=True).status_code == 200


def test_the_title_of_a_thread_is_in_the_language_of_the_platform(group, client_for):
    chantier, people, roadmap = group
    client = client_for(people["anne"])
    client.cookies["django_language"] = "en"
    client.post(door_of(chantier, roadmap), {"text": "Why"})
    assert Thread.objects.get().title == "Feuille de route, version 1"


def test_a_message_hidden_meanwhile_is_not_corrected_nor_mailed(group):
    chantier, people, _roadmap = group
    loaded = start(chantier, people["anne"]).comments.get()
    acts.hide_comment(Comment.objects.get(), by=people["lead"], now=NOW, motive="Attaque personnelle")
    with pytest.raises(Refused):
        acts.edit_comment(loaded, by=people["anne"], now=NOW, text="Pire encore")
    with pytest.raises(Refused):
        acts.hide_comment(loaded, by=people["lead"], now=NOW, motive="Encore")
    assert not Letter.objects.filter(dedupe=f"comment-{loaded.pk}").exists()
    assert Letter.objects.filter(kind="discussion.answer").count() == 1


@pytest.mark.parametrize("stage", ["failed", "sending"])
def test_no_later_attempt_carries_what_was_hidden(group, stage):
    chantier, people, _roadmap = group
    comment = start(chantier, people["anne"], text="Un mot déplacé").comments.get()
    Letter.objects.update(stage=stage, claimed_by="a worker" if stage == "sending" else "")
    letter = Letter.objects.first()
    acts.hide_comment(comment, by=people["lead"], now=NOW, motive="Attaque personnelle")
    delivery.settle(letter, "a worker", refusals.Outcome(refusals.Fate.LATER, "greylisted"))
    may_leave = Letter.objects.filter(stage__in=["queued", "failed", "sending"], kind="discussion.comment")
    assert not may_leave.exists()


def test_whoever_was_told_is_not_told_again_because_they_follow_since(group):
    chantier, people, _roadmap = group
    comment = start(chantier, people["anne"]).comments.get()
    Letter.objects.update(stage="sent")
    acts.follow_thread(comment.thread, by=people["bilal"], now=NOW)
    acts.edit_comment(comment, by=people["anne"], now=NOW, text="Le jeudi, @Le Pilote.")
    assert list(Letter.objects.filter(stage="queued").values_list("person", "kind")) == [(people["lead"].pk, "discussion.mention")]
