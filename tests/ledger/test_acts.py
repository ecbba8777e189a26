"""The act door, tried on a real model with acts of its own."""

from datetime import date

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Reason, Stage
from dialogue.ledger import acts
from dialogue.ledger.acts import SYSTEM, Act, NotAllowed, Refused, act
from dialogue.ledger.models import Entry
from dialogue.people.rules import is_coordination, is_system
from tests.factories import NOW, make_chantier, make_coordinator, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def declare():
    """Declares an act for one test, with its permission, and takes both away."""
    names = []

    def make(predicate=is_coordination | is_system, **options) -> Act:
        name = f"tests.act_{len(names)}"
        names.append(name)
        body = options.pop("body", lambda thing, **facts: thing)
        body.__name__ = name
        rules.add_perm(name, predicate)
        return act(name, **options)(body)

    yield make
    for name in names:
        rules.remove_perm(name)
        acts.REGISTRY.pop(name, None)


def test_an_act_moves_the_stage_and_writes_one_line(declare):
    launch = declare(come_from=[Stage.OPEN], go_to=Stage.LAUNCHED, record=["on", "reason", "meeting"])
    chantier, by = make_chantier(), make_coordinator()
    launch(chantier, by=by, now=NOW, on=date(2017, 6, 1), reason=Reason.MANY, meeting=3)
    chantier.refresh_from_db()
    assert chantier.stage == Stage.LAUNCHED
    line = Entry.objects.get()
    assert (line.act, line.by, line.actor, line.at) == (launch.name, by, "person", NOW)
    assert (line.thing_type, line.thing_id, line.space) == ("chantiers.chantier", chantier.pk, f"chantier/{chantier.slug}")
    assert (line.stage_from, line.stage_to) == ("open", "launched")
    assert line.facts == {"on": "2017-06-01", "reason": "many", "meeting": 3}


def test_a_person_without_the_permission_changes_nothing(declare):
    launch = declare(come_from=[Stage.OPEN], go_to=Stage.LAUNCHED)
    chantier = make_chantier()
    for reader in (make_person(), AnonymousUser()):
        with pytest.raises(NotAllowed):
            launch(chantier, by=reader, now=NOW)
    assert Chantier.objects.get().stage == Stage.OPEN
    assert not Entry.objects.exists()


def test_an_act_without_rule_is_refused_to_everyone():
    orphan = Act("tests.no_rule", lambda thing, **facts: thing, None, None, (), "stage", False, ())
    with pytest.raises(NotAllowed):
        orphan(None, by=make_coordinator(), now=NOW)


def test_of_two_people_only_the_first_succeeds(declare):
    launch = declare(come_from=[Stage.OPEN], go_to=Stage.LAUNCHED)
    first, second, by = make_chantier(), None, make_coordinator()
    second = Chantier.objects.get(pk=first.pk)
    launch(first, by=by, now=NOW)
    with pytest.raises(Refused, match="quelqu’un l’a déjà fait"):
        launch(second, by=by, now=NOW)
    assert Entry.objects.count() == 1
    assert second.stage == Stage.OPEN, "the caller’s copy is left as it was"


def test_guards_and_body_judge_what_stands_in_the_database_not_what_was_read_before(declare):
    def body(thing, *, by, now):
        seen.append((thing.title, thing.opened_on))

    seen: list = []
    touch = declare(come_from=[Stage.OPEN], guards=[lambda thing, **_: seen.append(thing.title)], body=body)
    chantier = make_chantier(title="Lu")
    theme = chantier.theme
    Chantier.objects.filter(pk=chantier.pk).update(title="Écrit depuis", opened_on=date(2017, 5, 2))
    touch(chantier, by=make_coordinator(), now=NOW)
    assert seen == ["Écrit depuis", ("Écrit depuis", date(2017, 5, 2))]
    assert chantier.theme is theme, "what did not change stays as loaded"


def test_the_stage_must_be_the_one_that_the_person_saw(declare):
    launch = declare(come_from=[Stage.OPEN, Stage.DELIVERED], go_to=Stage.LAUNCHED)
    chantier = make_chantier()
    Chantier.objects.filter(pk=chantier.pk).update(stage=Stage.DELIVERED)
    with pytest.raises(Refused, match="l’état a changé entre-temps"):
        launch(chantier, by=make_coordinator(), now=NOW)
    assert Chantier.objects.get().stage == Stage.DELIVERED


def test_a_guard_says_what_is_missing_and_undoes_the_move(declare):
    launch = declare(come_from=[Stage.OPEN], go_to=Stage.LAUNCHED, guards=[lambda thing, **_: "Il manque une date."])
    chantier, by = make_chantier(), make_coordinator()
    assert launch.obstacles(chantier, by=by, now=NOW) == ["Il manque une date."]
    with pytest.raises(Refused) as refused:
        launch(chantier, by=by, now=NOW)
    assert refused.value.reasons == ["Il manque une date."]
    assert chantier.stage == Stage.OPEN
    assert Chantier.objects.get().stage == Stage.OPEN


def test_a_body_that_fails_leaves_no_trace(declare):
    def body(thing, *, by, now):
        thing.title = "Perdu"
        thing.save()
        raise RuntimeError("disk")

    launch = declare(come_from=[Stage.OPEN], go_to=Stage.LAUNCHED, body=body)
    chantier = make_chantier(title="Gardé")
    with pytest.raises(RuntimeError):
        launch(chantier, by=make_coordinator(), now=NOW)
    kept = Chantier.objects.get()
    assert (kept.title, kept.stage, chantier.stage) == ("Gardé", "open", "open")
    assert not Entry.objects.exists()


def test_a_stage_to_be_in_that_does_not_change_is_not_a_move(declare):
    touch = declare(come_from=[Stage.OPEN, Stage.LAUNCHED])
    chantier, by = make_chantier(), make_coordinator()
    touch(chantier, by=by, now=NOW)
    line = Entry.objects.get()
    assert (line.stage_from, line.stage_to) == ("", "")
    assert touch.offered(by, chantier)
    chantier.stage = Stage.ARCHIVED
    assert not touch.offered(by, chantier)
    with pytest.raises(Refused):
        touch(chantier, by=by, now=NOW)


def test_an_act_that_creates_speaks_of_what_it_made(declare):
    made = make_chantier()
    create = declare(creates=True, body=lambda thing, **facts: made)
    create(None, by=SYSTEM, now=NOW)
    line = Entry.objects.get()
    assert (line.actor, line.by, line.thing_id, line.stage_to) == ("system", None, made.pk, "open")


def test_a_visitor_may_act_where_the_rule_accepts_anyone(declare):
    say = declare(rules.always_allow)
    say(None, by=AnonymousUser(), now=NOW)
    assert (Entry.objects.get().actor, Entry.objects.get().thing_type) == ("visitor", "")


def test_free_text_never_enters_the_ledger(declare):
    say = declare(record=["motive"])
    with pytest.raises(TypeError, match="free text"):
        say(make_chantier(), by=make_coordinator(), now=NOW, motive="Monsieur X est en retard")
    assert not Entry.objects.exists()


def test_two_acts_may_not_share_a_name(declare):
    taken = declare()
    with pytest.raises(ValueError, match="two acts"):
        act(taken.name)(lambda thing, **facts: thing)


def test_the_ledger_refuses_change_and_removal(declare):
    declare()(make_chantier(), by=make_coordinator(), now=NOW)
    line = Entry.objects.get()
    for attempt in (line.save, line.delete, Entry.objects.all().delete, lambda: Entry.objects.update(act="x")):
        with pytest.raises(TypeError, match="append-only"):
            attempt()


def test_the_database_itself_refuses_to_change_the_ledger(declare):
    declare()(make_chantier(), by=make_coordinator(), now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET act = 'x'")
    assert not Entry.objects.filter(act="x").exists()


def test_only_the_coordination_reads_the_register(declare):
    by = make_coordinator()
    declare()(make_chantier(), by=by, now=NOW)
    assert Entry.objects.visible_to(by).count() == 1
    assert Entry.objects.visible_to(make_person()).count() == 0
    assert Entry.objects.visible_to(AnonymousUser()).count() == 0
