"""What is said in a group: who speaks, who reads, who is told, what is corrected, hidden, answered."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dialogue.discussion import acts
from dialogue.discussion.models import Comment, Thread
from dialogue.discussion.stages import Outcome, Subject, Via
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer import replying
from dialogue.mailer.models import Letter
from dialogue.ui.templatetags.ui import texte
from tests.factories import NOW, make_coordinator, make_person, make_roadmap

#: The budget of a page (tests/house/test_queries.py), and one for the files under the messages.
MOST = 13
pytestmark = pytest.mark.django_db


def start(chantier, by, **fields):
    return acts.start_thread(
        chantier, by=by, now=NOW, **({"title": "Qui livre le mercredi ?", "text": "Notre camionnette est libre."} | fields)
    )


def test_a_member_starts_a_talk_and_the_others_get_it_in_their_digest(group):
    chantier, people = group
    thread = start(chantier, people["anne"])
    letters = {letter.person_id: letter for letter in Letter.objects.all()}
    assert set(letters) == {people["lead"].pk, people["bilal"].pk, people["observer"].pk}
    letter = letters[people["bilal"].pk]
    assert (letter.kind, letter.mode, letter.subject) == ("discussion.comment", "digest", "Qui livre le mercredi ?")
    assert "Notre camionnette est libre." in letter.text
    assert replying.read(letter.reply_to) == replying.Target(people["bilal"].pk, "thread", thread.pk)


def test_an_observer_reads_and_does_not_write(group):
    chantier, people = group
    thread = start(chantier, people["anne"])
    assert Thread.objects.visible_to(people["observer"]).get() == thread
    with pytest.raises(NotAllowed):
        acts.post_comment(thread, by=people["observer"], now=NOW, text="Moi aussi")


def test_nobody_outside_the_group_reads_or_writes(group):
    chantier, people = group
    thread = start(chantier, people["anne"])
    outsider = make_person()
    assert not Thread.objects.visible_to(outsider).exists()
    assert not Comment.objects.visible_to(outsider).exists()
    with pytest.raises(NotAllowed):
        acts.post_comment(thread, by=outsider, now=NOW, text="Bonjour")
    assert Thread.objects.visible_to(make_coordinator()).get() == thread


def test_a_message_sent_twice_is_posted_once_and_its_letters_leave_once(group):
    chantier, people = group
    thread, key = start(chantier, people["anne"]), uuid.uuid4()
    first = acts.post_comment(thread, by=people["bilal"], now=NOW, text="D’accord", client_key=key)
    count = Letter.objects.count()
    assert acts.post_comment(thread, by=people["bilal"], now=NOW, text="D’accord", client_key=key) == first
    assert Letter.objects.count() == count
    with pytest.raises(Refused, match="déjà"):
        start(chantier, people["anne"], client_key=key)


def test_whoever_wrote_follows_and_gets_the_answer_at_once(group):
    chantier, people = group
    thread = start(chantier, people["anne"])
    Letter.objects.all().delete()
    acts.post_comment(thread, by=people["bilal"], now=NOW, text="Oui", via=Via.MAIL, folded="> Notre camionnette")
    kinds = dict(Letter.objects.values_list("person_id", "kind"))
    assert kinds[people["anne"].pk] == "discussion.followed"
    assert kinds[people["lead"].pk] == "discussion.comment"
    assert people["bilal"].pk not in kinds


def test_whoever_stopped_following_gets_nothing_but_what_names_them(group):
    chantier, people = group
    thread = start(chantier, people["anne"])
    acts.follow_thread(thread, by=people["anne"], now=NOW)
    acts.unfollow_thread(thread, by=people["anne"], now=NOW)
    Letter.objects.all().delete()
    acts.post_comment(thread, by=people["bilal"], now=NOW, text="Oui")
    assert not Letter.objects.filter(person=people["anne"]).exists()
    acts.post_comment(thread, by=people["bilal"], now=NOW, text="Qu’en dites-vous, @anne dupre ?")
    assert Letter.objects.get(person=people["anne"]).kind == "discussion.mention"


def test_only_members_can_be_named(group):
    chantier, people = group
    outsider = make_person(name="Zoé Ailleurs")
    thread = start(chantier, people["anne"], text="Avec @Zoé Ailleurs et @Bilal Haddad", tell=[outsider.pk, people["lead"].pk])
    named = set(thread.comments.get().mentions.values_list("person_id", flat=True))
    assert named == {people["bilal"].pk, people["lead"].pk}
    assert not Letter.objects.filter(person=outsider).exists()


def test_an_author_corrects_within_half_an_hour_and_the_former_text_stays(group):
    chantier, people = group
    comment = start(chantier, people["anne"]).comments.get()
    acts.edit_comment(comment, by=people["anne"], now=NOW + timedelta(minutes=30), text="Elle est libre le mercredi.")
    assert (comment.text, comment.former_texts.get().text) == ("Elle est libre le mercredi.", "Notre camionnette est libre.")
    with pytest.raises(Refused):
        acts.edit_comment(comment, by=people["anne"], now=NOW + timedelta(minutes=31), text="Trop tard")
    with pytest.raises(NotAllowed):
        acts.edit_comment(comment, by=people["lead"], now=NOW, text="Pas à lui")


def test_a_hidden_message_says_why_to_all_and_what_to_moderators_alone(group, client_for):
    chantier, people = group
    thread = start(chantier, people["anne"], text="Un mot déplacé")
    comment = thread.comments.get()
    with pytest.raises(Refused):
        acts.hide_comment(comment, by=people["lead"], now=NOW, motive=" ")
    acts.hide_comment(comment, by=people["lead"], now=NOW, motive="Propos personnels")
    address = reverse("discussion:thread", args=[chantier.slug, thread.pk])
    member = client_for(people["bilal"]).get(address).content.decode()
    assert "Propos personnels" in member
    assert "Un mot déplacé" not in member
    assert "Un mot déplacé" in client_for(people["lead"]).get(address).content.decode()
    assert Letter.objects.filter(person=people["anne"], kind="discussion.answer").count() == 1
    acts.show_comment(comment, by=people["lead"], now=NOW)
    assert "Un mot déplacé" in client_for(people["bilal"]).get(address).content.decode()


def test_a_remark_is_answered_and_its_author_told(group):
    chantier, people = group
    thread = acts.open_thread(
        chantier, by=people["lead"], now=NOW, subject=Subject.ROADMAP, title="Feuille de route", roadmap=make_roadmap(chantier)
    )
    remark = acts.post_comment(
        thread, by=people["anne"], now=NOW, text="34 repas, non 43", passage_key="objectif-1", passage_text="43 repas"
    )
    assert remark.outcome == Outcome.OPEN
    with pytest.raises(Refused):
        acts.settle_remark(remark, by=people["lead"], now=NOW, outcome=Outcome.NOT_KEPT)
    with pytest.raises(NotAllowed):
        acts.settle_remark(remark, by=people["bilal"], now=NOW, outcome=Outcome.KEPT)
    acts.settle_remark(remark, by=people["lead"], now=NOW, outcome=Outcome.KEPT, reason="Merci, c’est rectifié.")
    letter = Letter.objects.get(person=people["anne"], kind="discussion.answer")
    assert "c’est rectifié" in letter.text
    acts.settle_remark(remark, by=people["lead"], now=NOW, outcome=Outcome.OPEN)
    assert (remark.outcome_at, remark.outcome_reason) == (None, "")


def test_a_closed_talk_takes_no_message(group):
    chantier, people = group
    thread = start(chantier, people["anne"])
    acts.close_thread(thread, by=people["lead"], now=NOW)
    with pytest.raises(Refused, match="close"):
        acts.post_comment(thread, by=people["bilal"], now=NOW, text="Trop tard")
    acts.reopen_thread(thread, by=people["lead"], now=NOW)
    acts.post_comment(thread, by=people["bilal"], now=NOW, text="À temps")


def test_the_whole_talk_works_with_forms_alone(group, client_for):
    chantier, people = group
    client = client_for(people["anne"])
    address = reverse("discussion:list", args=[chantier.slug])
    assert client.post(address, {"title": "", "text": "Sans sujet"}).status_code == 422
    done = client.post(address, {"title": "Les pommes", "text": "Tiendront-elles jusqu’en mars", "tell": [people["bilal"].pk]}, follow=True)
    assert "Tiendront-elles jusqu’en mars" in done.content.decode()
    thread = Thread.objects.get(title="Les pommes")
    post = reverse("discussion:post", args=[chantier.slug, thread.pk])
    refused = client_for(people["bilal"]).post(post, {"text": " "})
    assert refused.status_code == 422
    assert "Écrivez votre message." in refused.content.decode()
    assert client_for(people["bilal"]).post(post, {"text": "Oui"}).status_code == 302
    assert client_for(people["observer"]).post(post, {"text": "Oui"}).status_code == 403
    assert client_for(make_person()).get(address).status_code == 403


def test_a_long_talk_is_paged_and_costs_the_same(group, client_for, django_assert_max_num_queries):
    chantier, people = group
    thread = start(chantier, people["anne"])
    for n in range(55):
        acts.post_comment(thread, by=people["bilal"], now=NOW + timedelta(minutes=n), text=f"Message {n}")
    address = reverse("discussion:thread", args=[chantier.slug, thread.pk])
    client = client_for(people["anne"])
    with django_assert_max_num_queries(MOST):
        page = client.get(address).content.decode()
    assert page.count('<li id="m') == 50


@given(st.text(max_size=80))
def test_whatever_is_written_is_shown_as_text(text):
    assert set(re.findall(r"<\s*/?\s*(\w+)", str(texte(text)))) <= {"p", "br", "ul", "li", "a"}
