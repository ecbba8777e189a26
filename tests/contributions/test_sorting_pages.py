"""The pages of sorting, by plain forms: what the coordination sees and does."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from dialogue.contributions.models import Attachment, Contribution
from tests import factories as make
from tests.contributions.sorting_world import acts_of, suggested
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return make.make_coordinator(name="Camille Roux")


@pytest.fixture
def desk(client_for, chief):
    make.make_department()
    return client_for(chief)


def address(name, *args):
    return reverse(f"contributions:{name}", args=args)


def test_every_page_of_sorting_opens_for_the_coordination_and_for_nobody_else(desk, client_for):
    row = suggested((make.make_theme(), 0.62))
    pair = make.make_pair(first=row)
    template = make.make_template()
    pages = [
        address("pilot"), address("listing"), address("sort"), f"{address('sort')}?n={row.number}", address("pairs"),
        address("answers"), address("templates"), address("new_template"), address("template", template.pk),
        address("delete_template", template.pk), address("second_reading"), address("file", row.number),
        f"{address('pairs')}?p={pair.pk}",
    ]  # fmt: skip
    partner, visitor = client_for(make.make_person()), client_for()
    for page in pages:
        assert desk.get(page).status_code == 200, page
        assert partner.get(page).status_code == 403, page
        assert visitor.get(page).status_code == 302, page


def test_the_queue_shows_the_most_doubtful_first_and_the_never_analysed_last(desk):
    campaign = make.make_campaign()
    sure = suggested((make.make_theme(), 0.9), doubt=0.1, campaign=campaign)
    doubtful = suggested((make.make_theme(), 0.4), doubt=0.9, campaign=campaign)
    unread = make.make_contribution(stage="received", is_published=False, campaign=campaign)
    page = desk.get(address("sort"))
    assert [row.number for row in page.context["rows"]] == [doubtful.number, sure.number, unread.number]
    assert page.context["focus"] == doubtful


def test_the_suggestion_is_marked_as_such_and_never_chosen_beforehand(desk):
    theme = make.make_theme(name="Alimentation")
    row = suggested((theme, 0.62))
    text = desk.get(f"{address('sort')}?n={row.number}").content.decode()
    assert "suggestion\u202f: 62\u202f%" in text or "suggestion : 62" in text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "cantines, producteurs" in text
    assert f'value="{theme.code}" data-key="1" checked' not in text


def test_classifying_goes_on_to_the_next_one_which_is_taken(desk, chief):
    theme, commune = make.make_theme(), make.make_commune(name="Langon")
    first = suggested((theme, 0.6), doubt=0.9)
    second = suggested((theme, 0.7), doubt=0.8)
    answer = desk.post(
        address("decide", first.number),
        {"decision": "qualify", "revision": first.revision, "theme": theme.code, "commune": "langon", "nature": "idea"},
    )
    assert answer.status_code == 302
    assert answer.url == f"{address('sort')}?n={second.number}"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, first.theme, first.theme_source, first.qualified_by) == ("qualified", theme, "agent", chief)
    assert (first.commune, first.territory, first.nature, first.is_published) == (commune, commune.territory, "idea", True)
    assert (first.held_by, second.held_by) == (None, chief)


def test_passing_leaves_it_in_the_queue_and_moves_on(desk):
    first, second = suggested(doubt=0.9), suggested(doubt=0.8)
    answer = desk.post(address("decide", first.number), {"decision": "pass", "revision": 0})
    assert answer.url.endswith(f"?n={second.number}")
    answer = desk.post(address("decide", second.number), {"decision": "pass", "revision": 0})
    assert answer.url == address("sort")
    assert Contribution.objects.filter(stage="received").count() == 2


def test_a_theme_is_needed_to_classify_and_what_was_typed_is_kept(desk):
    row = suggested(doubt=0.9)
    page = desk.post(address("decide", row.number), {"decision": "qualify", "revision": 0, "commune": "Nulle-Part"})
    assert page.status_code == 422
    assert "Nulle-Part" in page.content.decode()
    assert "Nous ne connaissons pas cette commune" in page.content.decode()
    make.make_commune(name="Langon")
    page = desk.post(address("decide", row.number), {"decision": "qualify", "revision": 0, "commune": "Langon"})
    assert "Choisissez un thème, ou dites-la seulement recevable." in page.content.decode()


def test_a_place_read_in_the_text_fills_the_field_without_javascript(desk):
    commune = make.make_commune(name="Bazas")
    row = suggested(doubt=0.9, places=[commune])
    page = desk.post(address("decide", row.number), {"decision": f"use:{commune.insee_code}", "revision": 0, "nature": "idea"})
    assert page.status_code == 200
    assert f'value="{commune.insee_code}"' in page.content.decode()
    assert Contribution.objects.get(pk=row.pk).commune is None


def test_a_template_fills_the_motive_without_javascript(desk):
    row = suggested(doubt=0.9, title="Des bancs")
    template = make.make_template(kind="to_complete", text="Où seraient « {titre} » ?")
    page = desk.post(address("decide", row.number), {"decision": "template", "template": template.pk, "revision": 0})
    assert "Où seraient « Des bancs » ?" in page.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_a_form_made_from_an_older_state_shows_both_and_loses_nothing(desk):
    theme, other = make.make_theme(name="Habitat"), make.make_theme(name="Transports")
    row = suggested((theme, 0.6), (other, 0.3), stage="admissible", is_published=True)
    from dialogue.contributions.acts import sorting

    sorting.requalify(row, by=make.make_coordinator(), now=NOW, theme=other)
    page = desk.post(address("decide", row.number), {"decision": "qualify", "revision": 0, "theme": theme.code})
    text = page.content.decode()
    assert page.status_code == 422
    assert ("Thème", "Transports", "Habitat") in page.context["form"].conflict
    assert f'value="{theme.code}" data-key="1" checked' in text
    answer = desk.post(address("decide", row.number), {"decision": "qualify", "revision": 1, "theme": theme.code})
    assert answer.status_code == 302
    assert Contribution.objects.get(pk=row.pk).theme == theme


def test_one_held_by_someone_else_says_by_whom_and_offers_to_take_over(desk, chief, client_for):
    from dialogue.contributions.acts import sorting

    row, other = suggested(doubt=0.9), make.make_coordinator(name="Dominique Vial")
    sorting.take_up(row, by=other, now=NOW)
    assert desk.get(address("sort")).context["rows"] == []
    text = desk.get(f"{address('sort')}?n={row.number}").content.decode()
    assert "Dominique Vial" in text
    assert "La reprendre" in text
    quiet = desk.post(address("take", row.number), headers={"X-Requested-With": "tri"})
    assert (quiet.status_code, quiet.content.decode()) == (409, "Dominique Vial s’en occupe.")
    desk.post(address("take", row.number), {"reprendre": "1"})
    row.refresh_from_db()
    assert row.held_by == chief


def test_leaving_gives_it_back_but_not_what_was_assigned(desk, chief):
    from dialogue.contributions.acts import sorting

    row, assigned = suggested(), suggested()
    sorting.take_up(row, by=chief, now=NOW)
    sorting.assign(assigned, by=chief, now=NOW, to=chief)
    for each in (row, assigned):
        assert desk.post(address("give_back", each.number), {"en_partant": "1"}).status_code == 204
        each.refresh_from_db()
    assert (row.held_by, assigned.held_by) == (None, chief)


def test_the_last_act_is_undone_from_the_banner(desk, settings):
    theme = make.make_theme()
    row = suggested((theme, 0.6))
    desk.post(address("decide", row.number), {"decision": "qualify", "revision": 0, "theme": theme.code})
    page = desk.get(address("sort"))
    assert page.context["undo"].change.contribution == row
    desk.post(address("undo", row.number))
    row.refresh_from_db()
    assert (row.stage, row.theme, row.theme_source, row.is_published) == ("received", None, "", False)
    assert desk.get(address("sort")).context["undo"] is None
    assert acts_of(row) == ["qualify", "undo_sorting"]


def test_sending_one_back_is_told_and_undone_from_the_banner(desk):
    for decision, stage in (("complete", "to_complete"), ("inadmissible", "inadmissible")):
        row = suggested()
        page = desk.post(address("decide", row.number), {"decision": decision, "revision": 0, "motive": ""})
        assert (page.status_code, page.context["form"].errors["motive"]) == (422, ["Écrivez le motif : son auteur le lira."])
        desk.post(address("decide", row.number), {"decision": decision, "revision": 0, "motive": "Où est-ce ?"})
        assert Contribution.objects.get(pk=row.pk).stage == stage
        assert desk.get(address("sort")).context["undo"].change.contribution == row
        assert desk.get(address("file", row.number)).context["change"].contribution == row
        desk.post(address("undo", row.number))
        assert Contribution.objects.get(pk=row.pk).stage == "received"


def test_every_step_kept_is_an_act_with_a_sentence():
    """The banner tells a step by the name of its act."""
    import re
    from pathlib import Path

    from dialogue.contributions import acts
    from dialogue.contributions.sentences_sorting import SENTENCES

    for path in Path(acts.__file__).parent.glob("*.py"):
        named = re.findall(r'change\(\s*contribution,\s*"(contributions\.[a-z_]+)"', path.read_text(encoding="utf-8"))
        assert set(named) <= set(SENTENCES), path


def test_filters_narrow_the_queue(desk, chief):
    theme, territory, campaign = make.make_theme(), make.make_territory(), make.make_campaign(slug="printemps")
    wanted = suggested((theme, 0.6), title="Des bancs publics", territory=territory, campaign=campaign)
    unclassified = suggested(title="Autre chose")

    def found(query):
        return [row.number for row in desk.get(f"{address('sort')}?{query}").context["rows"]]

    for query in (f"theme={theme.code}", f"territoire={territory.code}", "campagne=printemps", "q=banc"):
        assert found(query) == [wanted.number], query
    assert found("sans_theme=1") == [unclassified.number]
    assert found("a_moi=1") == []
    assert len(found("theme=inconnu&n=99999999999999999999")) == 2


def test_the_overview_counts_and_every_number_opens_its_list(desk):
    campaign = make.make_campaign()
    suggested(campaign=campaign, received_at=NOW.replace(month=10), due_on=date(2099, 1, 1))
    make.make_contribution(campaign=campaign, stage="qualified", due_on=NOW.date().replace(month=10))
    context = desk.get(address("pilot")).context
    assert (context["to_sort"], context["late_reading"], context["late_answers"], context["unclassified"]) == (1, 1, 1, 1)
    assert [(row.code, row.n) for row in context["stages"]] == [("received", 1), ("qualified", 1)]
    assert [row.stage for row in desk.get(f"{address('listing')}?retard=1").context["page"]] == ["qualified"]
    assert [row.stage for row in desk.get(f"{address('sort')}?retard=1").context["rows"]] == ["received"]


def test_ones_last_act_is_told_to_oneself(chief):
    from dialogue.contributions.acts import sorting as acts
    from dialogue.contributions.sorting_pages import my_undo

    acts.judge_admissible(make.make_contribution(stage="received"), by=chief, now=NOW)
    assert my_undo(chief, NOW).sentence == "avez jugé la contribution recevable"


def test_a_refused_bulk_says_so_in_the_title_of_the_page(desk):
    make.make_contribution()
    answer = desk.post(address("bulk"), {"action": "admissible", "scope": "chosen"})
    assert answer.status_code == 422
    assert "<title>Erreur : Trier" in answer.text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_files_of_a_contribution_are_opened_where_it_is_sorted(desk):
    row = make.make_contribution()
    clean, doubtful = (
        Attachment(
            contribution=row, filename=f"{scan}.txt", size=4, content_type="text/plain", sha256=scan, scan=scan, added_at=NOW
        )
        for scan in ("clean", "infected")
    )
    for each in (clean, doubtful):
        each.file.save(each.filename, make.ContentFile(b"Plan"), save=True)
    for page in (address("file", row.number), f"{address('sort')}?n={row.number}"):
        text = desk.get(page).text
        assert address("attachment", clean.key) in text, page
        assert address("attachment", doubtful.key) not in text, page
        assert "refusé par l’antivirus" in text, page
    assert desk.get(address("attachment", clean.key)).status_code == 200
