"""What is found: the same exact answers on both databases, for each reader what they may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogue.fulltext.query import parse
from dialogue.people.models import Person
from dialogue.people.stages import Circle
from dialogue.search.finding import Choice, Finding
from dialogue.search.index import CHUNK, rebuild_all
from dialogue.search.kinds import KINDS
from dialogue.search.models import SearchEntry
from tests import factories as make
from tests.search import library as lib

pytestmark = pytest.mark.django_db
NOW = make.NOW


def reader(library: lib.Library, name: str) -> Any:
    """Read afresh, as at each request."""
    return AnonymousUser() if name == "visitor" else Person.objects.get(pk=library.people[name].pk)


def find(who: Any, typed: str, **choices: str) -> Finding:
    query = QueryDict(mutable=True)
    query.update(choices)
    return Finding(who, parse(typed), Choice.read(query, typed), NOW)


def texts(who: Any, typed: str, **choices: str) -> list[str]:
    return ["".join(piece.text for piece in result.title) for result in find(who, typed, **choices).page(1)]


@pytest.fixture
def talk():
    """A group's thread, whose messages are found by number: `say("…")`."""
    chantier = make.make_chantier(stage="working", title="Cantines")
    member = make.make_member(chantier).person
    says = []

    def say(title: str, text: str = "", days: int = 0) -> None:
        thread = lib.make_thread(chantier, member, title)
        thread.started_at = NOW - timedelta(days=days)
        thread.save()
        if text:
            lib.make_comment(thread, member, text, at=NOW - timedelta(days=days))
        says.append(thread)

    def found(typed: str) -> list[str]:
        rebuild_all()
        return texts(Person.objects.get(pk=member.pk), typed, nature="discussions")

    say.found = found  # type: ignore[attr-defined]
    return say


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Les cantines pilotes", "cantine pilote"),
        ("L’élu référent", "elus"),
        ("Un bœuf de Bazas", "boeufs bazas"),
        ("Nous achèterons ensemble", "acheter"),
        ("L’approvisionnement d’Arcachon", "approvisionnements arcachon"),
        ("Aujourd’hui, l’eau", "EAU"),
        ("Des journaux communaux", "journal"),
        ("Le décret n° 2017-1", "2017"),
        ("Relire la décision D5", "d5"),
        ("La co-construction", "co-construction"),
        ("Guide d’achat", '"guide d’achat"'),
        ("Un plan de mobilité", "« plan de mobilité »"),
        ("Maraîchage biologique", "maraîch"),
    ],
)
def test_words_are_found_whatever_their_accents_endings_and_elisions(talk, written, typed):
    talk(written)
    talk("Autre chose")
    assert talk.found(typed) == [written]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("guide", ["Guide d’achat", "Achat d’un guide"]),
        ('"guide d’achat"', ["Guide d’achat"]),
        ("guide -achat -relu", []),
        ("cantine -vélo", ["Guide d’achat"]),
        ('guide -"guide d’achat"', ["Achat d’un guide"]),
        ("guide cantine", ["Guide d’achat"]),
        ("pilote", ["Guide d’achat"]),
        # The end of the title and the beginning of the text are not one phrase.
        ('"achat relu"', []),
        ('"relu pour la cantine pilote"', ["Guide d’achat"]),
        ("absent", []),
    ],
)
def test_all_the_words_must_match_phrases_exactly_and_excluded_words_not_at_all(talk, typed, expected):
    talk("Guide d’achat")
    first = make.Chantier.objects.get(title="Cantines").threads.get()
    lib.make_comment(first, first.started_by, "Relu pour la cantine pilote, guide d’achat en main.")
    talk("Achat d’un guide", days=3)
    assert list(dict.fromkeys(talk.found(typed))) == expected


def test_titles_come_first_then_the_most_recent_then_a_fixed_order(talk):
    talk("Vélo", days=30)
    talk("Vélo et cantine", days=90)
    talk("Réunion", "Une cantine à vélo", days=1)
    talk("Vélo", days=2)
    talk("Vélo", days=2)
    assert talk.found("vélo") == ["Vélo", "Vélo", "Vélo", "Vélo et cantine", "Réunion"]
    assert talk.found("vélo cantine") == ["Vélo et cantine", "Réunion"]


def test_the_beginning_of_a_word_is_completed_only_when_nothing_has_the_whole_word(talk):
    talk("Maraîchage")
    talk("Le marais")
    assert talk.found("marais") == ["Le marais"]
    assert talk.found("maraîch") == ["Maraîchage"]
    assert talk.found("ma") == []


@pytest.mark.parametrize("circle", [Circle.PUBLIC, Circle.PARTNERS])
def test_each_reader_finds_what_they_may_read_and_nothing_else(circle):
    library = lib.build(circle=circle)
    rebuild_all()
    wrong = []
    for word, readers in library.words.items():
        for name in sorted(lib.EVERYBODY):
            found = find(reader(library, name), word)
            if (found.total > 0) != (name in readers):
                wrong.append(f"{name} {'finds' if found.total else 'does not find'} {word}")
    assert wrong == []


def test_every_kind_is_found_with_its_page_and_circle(client_for):
    library = lib.build()
    rebuild_all()
    assert set(SearchEntry.objects.values_list("kind", flat=True)) == {*KINDS, "page"}
    broken = []
    for name in ("member", "partner", "visitor"):
        client = client_for(None if name == "visitor" else library.people[name])
        for word in library.words:
            for result in find(reader(library, name), word).page(1):
                status = client.get(result.url.partition("#")[0]).status_code
                if status != 200:
                    broken.append((name, word, result.url, status))
                assert result.circle in Circle.values
    assert broken == []


def test_what_changes_in_the_rights_counts_at_the_next_request():
    library = lib.build()
    rebuild_all()
    member = library.people["member"]
    assert texts(reader(library, "member"), "zqmessage") == ["Sujet zqsujet"]
    document = library.chantier.documents.get(title="Étude zqdocpublic")
    assert texts(reader(library, "visitor"), "zqdocpublic") == ["Étude zqdocpublic"]
    type(document).objects.filter(pk=document.pk).update(circle=Circle.GROUP)
    assert texts(reader(library, "visitor"), "zqdocpublic") == []
    library.chantier.threads.get().comments.filter(hidden_at=None).update(hidden_at=NOW, hidden_motive="Hors sujet")
    assert texts(reader(library, "coordination"), "zqmessage") == []
    assert texts(reader(library, "member"), "zqnotesa") == ["Point zqpointa"]
    member.representations.update(until=NOW.date())
    assert texts(reader(library, "member"), "zqnotesa") == []
    assert texts(reader(library, "member"), "zqchantier")[0] == "Manger local zqchantier"


def test_facets_count_what_each_choice_would_give():
    library = lib.build()
    rebuild_all()
    lead = reader(library, "lead")
    finding = find(lead, "étude", nature="documents")
    assert finding.total == 4
    facets = {facet.name: [(option.code, option.count) for option in facet.options] for facet in finding.facets}
    assert facets["cercle"] == [("public", 1), ("partenaires", 1), ("groupe", 2)]
    assert facets["nature"] == [("documents", 4), ("aide", 1)]
    narrowed = find(lead, "étude", cercle="groupe", nature="documents", periode="inconnue")
    assert (narrowed.total, narrowed.everything) == (2, 5)
    assert narrowed.choice.codes == {"cercle": "groupe", "nature": "documents"}
    assert sorted(texts(lead, "étude", cercle="groupe")) == ["Étude zqdocgroupe", "Étude zqinfectee"]


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"chantier": "manger"}, 1),
        ({"nature": "seances", "territoire": "inconnu"}, 2),
        ({"periode": "3-mois"}, 1),
        ({"periode": "30-jours"}, 0),
        ({"nature": "seances"}, 2),
        ({"chantier": "manger", "periode": "plus-ancien"}, 0),
        ({"chantier": "reserve", "nature": "seances"}, 2),
    ],
)
def test_a_choice_narrows_the_results_as_its_count_said(choices, expected):
    first, second = (make.make_chantier(stage="working", slug=slug, title="Cantine") for slug in ("manger", "bouger"))
    make.make_chantier(slug="reserve", circle=Circle.PARTNERS)
    make.make_meeting(first, starts_at=NOW - timedelta(days=60))
    make.make_meeting(second, starts_at=NOW - timedelta(days=400))
    rebuild_all()
    visitor = AnonymousUser()
    base = find(visitor, "séance", **choices)
    assert len(base.page(1).object_list) == base.total == expected
    for facet in base.facets:
        for option in facet.options:
            others = {name: code for name, code in base.choice.codes.items() if name != facet.name}
            there = find(visitor, "séance", **others, **{facet.name: option.code})
            assert len(there.page(1).object_list) == there.total == option.count


def test_circles_shown_are_never_wider_than_the_chantier():
    library = lib.build(circle=Circle.PARTNERS)
    rebuild_all()
    result = find(reader(library, "partner"), "zqdocpublic").page(1)[0]
    assert result.circle == Circle.PARTNERS
    assert find(reader(library, "partner"), "zqdocpublic", cercle="partenaires").total == 1
    assert find(reader(library, "partner"), "zqdocpublic", cercle="public").total == 0


def test_the_words_found_are_marked_in_title_and_snippet(talk):
    talk("Les cantines", "Trois cantines pilotes. " + "Autre chose. " * 60)
    rebuild_all()
    member = Person.objects.get(pk=make.Chantier.objects.get(title="Cantines").threads.get().started_by_id)
    finding = find(member, "cantine pilote")
    result = finding.page(1)[0]
    assert [piece.text for piece in result.title if piece.marked] == ["cantines"]
    assert [piece.text for piece in result.snippet.pieces if piece.marked] == ["cantines", "pilotes"]
    assert result.snippet.cut_after


def test_memory_and_queries_stay_bounded_when_everything_is_told(django_assert_max_num_queries):
    chantier = make.make_chantier()
    member = make.make_member(chantier).person
    thread = lib.make_thread(chantier, member, "Sujet")
    lib.Comment.objects.bulk_create(lib.Comment(thread=thread, author=member, at=NOW, text=f"Message {n}") for n in range(CHUNK + 5))
    with django_assert_max_num_queries(160):
        assert rebuild_all()["comment"] == CHUNK + 5
    assert set(rebuild_all().values()) == {0}


SYNTAX = st.text(alphabet='ab"\'*()-+:^{}~NOTARD&|!<>%_\\ «»é’.0', max_size=40)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=60), SYNTAX))
def test_nothing_that_is_typed_breaks_the_search(typed):
    finding = Finding(AnonymousUser(), parse(typed), Choice.read(QueryDict("nature=x&cercle=y"), typed), NOW)
    assert list(finding.page("zz")) == []
    assert finding.facets == []


def test_codes_fit_their_column_which_sqlite_does_not_measure():
    most = SearchEntry._meta.get_field("kind").max_length
    assert [code for code in KINDS if len(code) > most] == []
