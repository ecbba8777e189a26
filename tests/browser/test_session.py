"""A session in real browsers: several write at once, the network is cut, a laptop is closed. Nothing typed is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from dialogue.chantiers.stages import Role, Stage
from dialogue.meetings.acts import agenda, convening
from dialogue.meetings.models import Action, AgendaItem, Decision, Material, Meeting, NotesConflict
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
LIVE = "/chantiers/manger-local/espace/seances/1/direct/"
SECONDS = 3


@pytest.fixture
def group(settings: Any) -> dict[str, Any]:
    """A session that has just begun: two items, a lead, a partner, an observer."""
    from django.utils import timezone

    settings.CLOCK_OFFSET = make.NOW - timezone.now()
    make.make_department()
    chantier = make.make_chantier(slug="manger-local", title="Manger local", stage=Stage.WORKING)
    people = {role: make.make_member(chantier, role=role).person for role in (Role.LEAD, Role.PARTNER, Role.OBSERVER)}
    meeting = make.make_meeting(chantier, starts_at=make.NOW - timedelta(minutes=10), number=1)
    items = [agenda.add_item(meeting, by=people[Role.LEAD], now=make.NOW, title=title) for title in ("Qui livre ?", "Le guide")]
    convening.open_session(meeting, by=people[Role.LEAD], now=make.NOW)
    return {"meeting": meeting, "items": items, **people}


def item_with(group: dict[str, Any], text: str) -> AgendaItem:
    AgendaItem.objects.filter(pk=group["items"][0].pk).update(notes=text, revision=1)
    return group["items"][0]


def until(condition: Callable[[], Any], seconds: float = 12, page: Any = None) -> Any:
    """Waits for what the other end does; returns what was found. `page`: whose intercepted requests go on meanwhile."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "still not there"
        page.wait_for_timeout(50) if page else time.sleep(0.05)
    return found


def notes_of(group: dict[str, Any]) -> str:
    return AgendaItem.objects.get(pk=group["items"][0].pk).notes


def area(page: Any, group: dict[str, Any], n: int = 0) -> Any:
    return page.locator(f"#notes-{group['items'][n].pk}")


def sit(visit: Callable[..., Any], person: Any, **options: Any) -> Any:
    page = visit(person, **options)
    page.goto(LIVE)
    return page


def add(page: Any, group: dict[str, Any], text: str, n: int = 0) -> None:
    box = page.locator(f"#point-{group['items'][n].pk} form[data-lines]")
    box.get_by_label("Une phrase complète").fill(text)
    box.get_by_label("Une phrase complète").press("Control+Enter")


def test_a_line_of_one_is_read_by_the_other_within_three_seconds_without_disturbing_what_is_typed(visit, group):
    first, second = sit(visit, group[Role.LEAD]), sit(visit, group[Role.PARTNER])
    mine = area(second, group, 1)
    mine.press_sequentially("Je suis en train d’é")
    add(first, group, "Une tournée passe le mercredi.")
    until(Decision.objects.exists)
    started = time.monotonic()
    second.locator(".saisies", has_text="Une tournée passe le mercredi.").wait_for()
    assert time.monotonic() - started < SECONDS
    mine.press_sequentially("crire.")
    assert mine.input_value() == "Je suis en train d’écrire."
    assert second.evaluate("document.activeElement.id") == f"notes-{group['items'][1].pk}"
    assert "Qui livre" in second.locator("#annonce").inner_text()
    assert [*first.errors, *second.errors] == []


def test_two_people_in_one_item_are_both_kept_line_by_line(visit, group):
    item_with(group, "un\ndeux\ntrois\nquatre")
    first, second = sit(visit, group[Role.LEAD]), sit(visit, group[Role.PARTNER])
    for page in (first, second):
        page.context.set_offline(True)
    area(first, group).fill("UN\ndeux\ntrois\nquatre")
    area(second, group).fill("un\ndeux\ntrois\nquatre\ncinq")
    for page in (first, second):
        page.context.set_offline(False)
    until(lambda: notes_of(group) == "UN\ndeux\ntrois\nquatre\ncinq")
    until(lambda: area(first, group).input_value() == area(second, group).input_value() == notes_of(group))
    assert not NotesConflict.objects.exists()


def test_a_true_conflict_keeps_both_texts_and_shows_them_to_both(visit, group):
    item_with(group, "La tournée passe le mardi.")
    first, second = sit(visit, group[Role.LEAD]), sit(visit, group[Role.PARTNER])
    second.context.set_offline(True)
    area(second, group).fill("La tournée passe le jeudi.")
    area(first, group).fill("La tournée passe le mercredi.")
    until(lambda: notes_of(group) == "La tournée passe le mercredi.")
    second.context.set_offline(False)
    until(NotesConflict.objects.exists)
    for page in (first, second):
        page.locator(".encart", has_text="La tournée passe le jeudi.").wait_for()
        assert area(page, group).input_value() == "La tournée passe le mercredi."
    first.get_by_role("link", name="Réunir les deux textes").click()
    first.get_by_label("Le texte qui réunit les deux").fill("Le mercredi, et le jeudi pendant les vacances.")
    first.get_by_role("button", name="Enregistrer le texte réuni").click()
    until(lambda: area(second, group).input_value() == "Le mercredi, et le jeudi pendant les vacances.")


def test_what_is_typed_while_a_conflict_comes_back_is_not_overwritten(visit, group):
    item_with(group, "La tournée passe le mardi.")
    page = sit(visit, group[Role.LEAD])
    AgendaItem.objects.filter(pk=group["items"][0].pk).update(notes="Elle passe le mercredi.", revision=2)
    text = area(page, group)
    text.fill("La tournée passe le jeudi")
    held: list[Any] = []
    page.route("**/notes/", lambda route: held.append(route), times=1)  # noqa: PLW0108  Playwright marks the function
    until(lambda: held, page=page)
    text.press_sequentially(", sauf en juillet.")
    held[0].continue_()
    until(lambda: NotesConflict.objects.filter(text="La tournée passe le jeudi, sauf en juillet.").exists(), page=page)
    assert NotesConflict.objects.count() == 1


def test_without_network_nothing_is_lost_and_it_is_said_until_it_is_sent(visit, group):
    page = sit(visit, group[Role.LEAD])
    page.context.set_offline(True)
    area(page, group).fill("Écrit dans le tunnel.")
    for n in (1, 2, 3):
        add(page, group, f"Ligne {n}")
    page.locator("#etat.non-envoye").wait_for()
    assert page.locator("[data-unsent-line]").count() == 3
    assert not Decision.objects.exists()
    page.context.set_offline(False)
    until(lambda: notes_of(group) == "Écrit dans le tunnel.")
    until(lambda: Decision.objects.count() == 3)
    assert list(Decision.objects.order_by("number").values_list("text", flat=True)) == ["Ligne 1", "Ligne 2", "Ligne 3"]
    page.locator("[data-unsent-line]").first.wait_for(state="detached")
    page.wait_for_function("document.getElementById('etat').textContent.startsWith('Enregistré à')")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('seance:'))") == []


def test_what_is_typed_before_the_script_has_come_is_sent_when_it_comes(visit, group):
    page = visit(group[Role.LEAD])
    held: list[Any] = []
    page.route("**/ui/seance*.js", lambda route: held.append(route), times=1)  # noqa: PLW0108  Playwright marks the function
    page.goto(LIVE, wait_until="commit")
    area(page, group).fill("Tapé tout de suite.")
    until(lambda: held, page=page)
    held[0].continue_()
    until(lambda: notes_of(group) == "Tapé tout de suite.", page=page)


def test_a_closed_laptop_finds_its_draft_again(visit, group):
    page = sit(visit, group[Role.LEAD])
    context = page.context
    context.route("**/notes/", lambda route: route.abort())
    area(page, group).fill("Juste avant de fermer.")
    page.locator("#etat.non-envoye").wait_for()
    page.reload()
    assert area(page, group).input_value() == "Juste avant de fermer."
    page.close()
    other = context.new_page()
    other.goto(LIVE)
    other.wait_for_function(f"document.getElementById('notes-{group['items'][0].pk}').value === 'Juste avant de fermer.'")
    context.unroute("**/notes/")
    until(lambda: notes_of(group) == "Juste avant de fermer.")


def test_two_tabs_of_one_person_keep_both_drafts(visit, group):
    item_with(group, "un\ndeux\ntrois")
    page = sit(visit, group[Role.LEAD])
    other = page.context.new_page()
    other.goto(LIVE)
    page.context.route("**/notes/", lambda route: route.abort())
    area(page, group).fill("UN\ndeux\ntrois")
    area(other, group).fill("un\ndeux\ntrois\nquatre")
    for each in (page, other):
        each.locator("#etat.non-envoye").wait_for()
        each.close()
    page.context.unroute("**/notes/")
    again = page.context.new_page()
    again.goto(LIVE)
    until(lambda: notes_of(group) == "UN\ndeux\ntrois\nquatre" or NotesConflict.objects.exists())
    assert notes_of(group) == "UN\ndeux\ntrois\nquatre"


def test_a_save_whose_answer_was_lost_makes_no_conflict_with_oneself(visit, group):
    item_with(group, "Bon")
    page = sit(visit, group[Role.LEAD])

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/notes/", lose, times=1)
    area(page, group).fill("Bonjour")
    until(lambda: notes_of(group) == "Bonjour", page=page)
    area(page, group).fill("Bonjour à tous")
    until(lambda: notes_of(group) == "Bonjour à tous", page=page)
    assert not NotesConflict.objects.exists()


def sign_in(page: Any, client_for: Callable[..., Any], person: Any, live_server: Any) -> None:
    """As another tab does: a new session, a new CSRF secret."""
    page.context.clear_cookies()
    key = client_for(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    page.context.new_page().goto("/")


def test_an_expired_session_resumes_after_signing_in_elsewhere(visit, group, client_for, live_server):
    page = sit(visit, group[Role.LEAD])
    Session.objects.all().delete()
    area(page, group).fill("Écrit sans être connecté.")
    add(page, group, "Une décision aussi.")
    page.get_by_text("Vous n’êtes plus connecté").wait_for()
    sign_in(page, client_for, group[Role.LEAD], live_server)
    until(lambda: notes_of(group) == "Écrit sans être connecté.")
    until(lambda: Decision.objects.filter(text="Une décision aussi.").count() == 1)


def test_nothing_leaves_in_the_name_of_someone_else_who_signs_in_on_the_same_machine(visit, group, client_for, live_server):
    page = sit(visit, group[Role.LEAD])
    Session.objects.all().delete()
    area(page, group).fill("Un brouillon à moi.")
    page.get_by_text("Vous n’êtes plus connecté").wait_for()
    sign_in(page, client_for, group[Role.PARTNER], live_server)
    page.get_by_text("rien n’est envoyé en son nom").wait_for()
    other = page.context.new_page()
    other.goto(LIVE)
    assert area(other, group).input_value() == ""
    assert notes_of(group) == ""
    other.goto(_sign_out())
    other.get_by_text("ne sont pas encore envoyées").wait_for()
    other.get_by_role("button", name="Me déconnecter").click()
    until(lambda: not Session.objects.exists())


def _sign_out() -> str:
    from django.urls import reverse

    return reverse("account_logout")


def test_a_line_that_the_server_refuses_goes_back_into_its_form(visit, group):
    page = sit(visit, group[Role.LEAD])
    long = "Le groupe décide. " * 40
    add(page, group, long)
    page.get_by_role("button", name="La reprendre").click()
    field = page.locator(f"#point-{group['items'][0].pk} form[data-lines]").get_by_label("Une phrase complète")
    assert field.input_value().strip() == long.strip()
    field.fill("Le groupe décide.")
    field.press("Enter")
    until(lambda: Decision.objects.filter(text="Le groupe décide.").exists())
    page.locator("[data-unsent-line]").wait_for(state="detached")


def test_the_keyboard_alone_writes_a_whole_session(visit, group):
    page = sit(visit, group[Role.LEAD])
    keys = page.keyboard
    area(page, group).focus()
    keys.type("Le Cabas a une camionnette.")
    keys.press("Control+Enter")
    until(lambda: notes_of(group) == "Le Cabas a une camionnette.")
    for _to_state_save_and_kind in range(3):
        keys.press("Tab")
    keys.press("ArrowRight")
    keys.press("Tab")
    keys.type("Écrire aux communes.")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("Les communes")
    keys.press("Control+Enter")
    action = until(Action.objects.first)
    assert (action.text, action.owner_text) == ("Écrire aux communes.", "Les communes")
    page.locator("#moment").focus()
    keys.type("Tout le monde a souri.")
    keys.press("Control+Enter")
    until(lambda: Material.objects.filter(kind="story", text="Tout le monde a souri.").exists())
    page.locator("#carnet").get_by_text("Tout le monde a souri.").wait_for()
    assert page.errors == []


def test_without_scripts_notes_and_lines_are_saved_and_one_comes_back_to_the_item(visit, group):
    page = sit(visit, group[Role.LEAD], js=False)
    area(page, group).fill("Sans script.")
    page.get_by_role("button", name="Enregistrer les notes : Qui livre").click()
    assert page.url.endswith(f"#point-{group['items'][0].pk}")
    assert notes_of(group) == "Sans script."
    box = page.locator(f"#point-{group['items'][0].pk} form[data-lines]")
    box.get_by_label("Une phrase complète").fill("Une décision.")
    box.get_by_role("button", name="Ajouter au relevé").click()
    assert page.url.endswith(f"#point-{group['items'][0].pk}")
    assert page.get_by_text("Une décision.", exact=True).is_visible()


def test_an_observer_reads_along(visit, group):
    page = sit(visit, group[Role.OBSERVER])
    assert page.locator("textarea, form[data-lines]").count() == 0
    item_with(group, "Lu par tous.")
    Meeting.objects.filter(pk=group["meeting"].pk).update(pulse=99)
    page.get_by_text("Lu par tous.").wait_for()
