"""The index follows the acts: what was done is found at the next turn of the worker, whatever the order of the commits."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from dialogue.assembly.acts import votes
from dialogue.assembly.stages import Outcome
from dialogue.chantiers.acts import cooperations, life
from dialogue.chantiers.stages import Role, Stage
from dialogue.discussion import acts as talk
from dialogue.discussion.stages import Via
from dialogue.documents import acts as documents
from dialogue.documents.stages import Reading, Scan
from dialogue.ledger.acts import SYSTEM
from dialogue.ledger.models import Entry
from dialogue.mailer import periodic
from dialogue.meetings.acts import agenda, capture
from dialogue.meetings.models import Meeting
from dialogue.pacts.acts import editions
from dialogue.people.stages import Circle
from dialogue.restitution.acts import points
from dialogue.restitution.models import ProgressPoint
from dialogue.restitution.stages import Where
from dialogue.search import feed, tasks
from dialogue.search.index import rebuild_all
from dialogue.search.kinds import KINDS
from dialogue.search.models import SearchEntry, SearchProgress
from tests import factories as make
from tests import factories_pacts as pacts
from tests.factories_assembly import make_proposition
from tests.search import library as lib

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def group():
    make.make_department()
    chantier = make.make_chantier(stage=Stage.WORKING, title="Manger local")
    lead = make.make_member(chantier, role=Role.LEAD).person
    feed.start(timezone.now())
    rebuild_all()
    return chantier, lead


def words() -> set[str]:
    """Planted words that are in the index."""
    return {word for entry in SearchEntry.objects.all() for word in entry.stems.split() if word.startswith("zq")}


def turn() -> int:
    return feed.catch_up(timezone.now())


def everything() -> list[tuple[Any, ...]]:
    fields = [field.attname for field in SearchEntry._meta.concrete_fields if field.name != "id"]
    return sorted(SearchEntry.objects.values_list(*fields), key=str)


def test_what_an_act_writes_is_found_at_the_next_turn(group):
    chantier, lead = group
    thread = talk.start_thread(chantier, by=lead, now=NOW, title="Sujet zqun", text="Message zqdeux")
    comment = talk.post_comment(thread, by=lead, now=NOW, text="Message zqtrois", via=Via.MAIL)
    assert turn() == 2
    assert words() == {"zqun", "zqdeux", "zqtroi"}
    talk.edit_comment(comment, by=lead, now=NOW, text="Message zqquatre")
    turn()
    assert words() == {"zqun", "zqdeux", "zqquatr"}
    talk.hide_comment(comment, by=lead, now=NOW, motive="Hors sujet")
    turn()
    assert words() == {"zqun", "zqdeux"}
    talk.show_comment(comment, by=lead, now=NOW)
    turn()
    assert words() == {"zqun", "zqdeux", "zqquatr"}
    assert turn() == 0


def test_a_meeting_its_items_notes_and_lines_are_followed(group):
    chantier, lead = group
    meeting = make.make_meeting(chantier, stage="in_session")
    item = agenda.add_item(meeting, by=lead, now=NOW, title="Point zqpoint")
    capture.save_notes(item, by=lead, now=NOW, text="Notes zqnotes", revision=item.revision, client_key=None)
    decision = capture.add_decision(meeting, by=lead, now=NOW, text="Décider zqdecision")
    turn()
    assert words() == {"zqpoint", "zqnot", "zqdecis"}
    capture.remove_decision(decision, by=lead, now=NOW)
    turn()
    assert words() == {"zqpoint", "zqnot"}


def test_the_words_of_a_file_are_found_once_they_were_read(group):
    chantier, lead = group
    document = lib.make_document(chantier, lead, "Étude zqetude")
    documents.note_treatment(
        document.versions.get(), by=SYSTEM, now=NOW, scan=Scan.CLEAN, reading=Reading.DONE, words="Texte zqtexte"
    )
    turn()
    assert words() == {"zqetud", "zqtext"}


def test_what_depends_on_a_thing_is_told_again_with_it(group):
    chantier, lead = group
    coordination = make.make_coordinator()
    make.make_meeting(chantier)
    feed.start(timezone.now())
    rebuild_all()
    fields = {name: getattr(chantier, name) for name in ("objective", "deliverable", "reason_text")}
    life.change_description(chantier, by=coordination, now=NOW, title="Manger zqtitre", **fields)
    born = cooperations.record_cooperation(
        chantier, by=lead, now=NOW, title="Zqnee", organisations=[make.make_organisation(), make.make_organisation()], since=NOW.date(),
        description="", circle=Circle.PARTNERS,
    )  # fmt: skip
    turn()
    found = set(SearchEntry.objects.filter(stems__contains=" zqtitr ").values_list("kind", flat=True))
    assert found == {"chantier", "meeting", "preparation"}
    assert SearchEntry.objects.filter(kind="cooperation", thing_id=born.pk).exists()


def test_a_vote_a_pact_and_a_progress_point_are_found_when_an_act_makes_them_everybody_s(group):
    chantier, _lead = group
    desk, territory = make.make_coordinator(), make.make_territory()
    chantier.territories.add(territory)
    pact = pacts.make_pact(territory=territory)
    action = pacts.make_action(pact, title="Ouvrir zqaction", published_on=None)
    edition = pacts.make_edition(pact, stage="adopted", content={"introduction": "Pacte zqpacte", "year": 2017})
    pacts.make_line(edition, action)
    proposition = make_proposition(chantier, title="Acheter", stage="tabled")
    feed.start(timezone.now())
    rebuild_all()
    assert SearchEntry.objects.get(kind="pact_action").at == pact.opened_at
    editions.publish_edition(edition, by=desk, now=NOW)
    votes.record_vote(
        proposition, by=make.make_secretary(), now=NOW, outcome=Outcome.ADOPTED_AMENDED, number="CD-1", date=proposition.session.date,
        adopted_text="Zqamende", matter_code="7.5", votes_for=58, votes_against=4, abstentions=2,
    )  # fmt: skip
    points.draft_point(territory, by=desk, now=NOW, kind=Where.COUNCIL, series=2)
    point = ProgressPoint.objects.get()
    points.edit_point(point, by=desk, now=NOW, revision=0, values={"introduction": "Un point zqetape"})
    assert SearchEntry.objects.filter(stems__contains="zqetap").count() == 0
    points.freeze_point(point, by=desk, now=NOW)
    turn()
    assert "zqetap" not in words()
    points.publish_point(point, by=desk, now=NOW)
    turn()
    assert {"zqpact", "zqamend", "zqetap"} <= words()
    assert SearchEntry.objects.get(kind="pact_action").at.date() == make.TODAY
    assert {kind: count for kind, count in rebuild_all().items() if count} == {}


def test_a_progress_point_no_longer_says_what_was_withdrawn_from_the_public(group):
    chantier, _lead = group
    desk, territory = make.make_coordinator(), make.make_territory()
    chantier.territories.add(territory)
    point = points.draft_point(territory, by=desk, now=NOW, kind=Where.COUNCIL, series=2)
    lines = {line.pk: {"done": "Une visite zqvisite.", "left": "Écrire."} for line in point.lines.all()}
    points.edit_point(point, by=desk, now=NOW, revision=0, values={"introduction": "Un point."}, lines=lines)
    points.freeze_point(point, by=desk, now=NOW)
    points.publish_point(point, by=desk, now=NOW)
    turn()
    assert "zqvisit" in words()
    life.narrow_circle(chantier, by=desk, now=NOW)
    turn()
    assert "zqvisit" not in words()


def test_following_the_acts_gives_the_same_index_as_telling_everything(group):
    chantier, lead = group
    lib.build()
    feed.start(timezone.now())
    rebuild_all()
    thread = talk.start_thread(chantier, by=lead, now=NOW, title="Sujet", text="Message")
    talk.post_comment(thread, by=lead, now=NOW, text="Autre message")
    item = agenda.add_item(make.make_meeting(chantier, stage="in_session"), by=lead, now=NOW, title="Point")
    capture.add_action(item.meeting, by=lead, now=NOW, text="Faire", owner_text="Les communes")
    turn()
    Meeting.objects.filter(pk=item.meeting_id).get()
    followed = everything()
    changed = {kind: count for kind, count in rebuild_all().items() if count}
    # The factory's meeting was written by no act: only the whole check finds it.
    assert set(changed) <= {"meeting", "preparation"}
    SearchEntry.objects.all().delete()
    rebuild_all()
    told_afresh = everything()
    assert [row for row in told_afresh if row[0] not in {"meeting", "preparation"}] == [
        row for row in followed if row[0] not in {"meeting", "preparation"}
    ]


def test_an_act_committed_behind_a_later_one_is_not_missed(group):
    """On PostgreSQL a number is taken before the commit: an entry appears behind one that was read."""
    chantier, lead = group
    early, late = (lib.make_thread(chantier, lead, f"Sujet {word}") for word in ("zqperdu", "zqvu"))
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def commit(number: int, thread: Any) -> None:
        named = {"thing_type": "discussion.thread", "thing_id": thread.pk}
        Entry.objects.bulk_create([Entry(pk=last + number, act="discussion.start_thread", actor="system", at=NOW, **named)])

    commit(1000, late)
    assert turn() == 1
    commit(999, early)
    assert turn() == 1
    assert words() == {"zqperdu", "zqvu"}


def test_entries_older_than_the_overlap_are_forgotten_and_not_handled_twice(group):
    chantier, lead = group
    for n in range(3):
        talk.start_thread(chantier, by=lead, now=NOW, title=f"Sujet {n}", text="Message")
    assert feed.catch_up(timezone.now(), most=2) == 2
    assert feed.catch_up(timezone.now() + feed.OVERLAP + timedelta(minutes=1), most=2) == 1
    progress = SearchProgress.objects.get()
    assert (progress.floor, progress.seen) == (Entry.objects.order_by("pk").last().pk, [])
    assert turn() == 0


def test_the_worker_does_it_at_each_round_and_checks_everything_once_a_day(group, settings):
    chantier, lead = group
    periodic.discover()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    lib.make_thread(chantier, lead, "Sujet zqsansacte")
    moment = timezone.now()
    names = periodic.run_due(moment, NOW)
    assert {"dialogue.search.tasks.follow_the_register", "dialogue.search.tasks.check_daily"} <= set(names)
    assert "zqsansact" in words()
    talk.start_thread(chantier, by=lead, now=NOW, title="Sujet zqdix", text="Message")
    assert "dialogue.search.tasks.follow_the_register" in periodic.run_due(moment + timedelta(seconds=10), NOW)
    assert "zqdix" in words()
    assert tasks.follow_the_register(NOW) == 0


def test_the_command_reads_everything_the_first_time_then_what_is_new(group):
    chantier, lead = group
    SearchProgress.objects.all().delete()
    SearchEntry.objects.all().delete()

    def say(*arguments: str) -> str:
        out = StringIO()
        call_command("index_search", *arguments, stdout=out)
        return out.getvalue()

    assert "fiches écrites" in say()
    talk.start_thread(chantier, by=lead, now=NOW, title="Sujet", text="Message")
    assert say().startswith("1 actes lus")
    assert say("--all").startswith("0 fiches écrites")


def test_every_road_between_things_exists():
    """A road that a model no longer has would fail on the first act that takes it."""
    for kind in KINDS.values():
        for road in kind.because.values():
            assert list(kind.rows().filter(**{road: [0]})) == []
