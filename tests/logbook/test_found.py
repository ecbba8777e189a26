"""A published carnet is found, announced and fed; a draft, or an edition that was corrected, is not."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from dialogue.logbook.acts import publishing
from dialogue.portal import news
from dialogue.search.index import rebuild_all
from dialogue.search.models import SearchEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    make.make_department()
    chantier = make.make_chantier(title="Manger local")
    return make.make_edition(make.make_entry(chantier, stage="chosen", text="Une purée orange."), title="À mi-marée")


def found() -> list[str]:
    rebuild_all()
    rows = SearchEntry.objects.visible_to(AnonymousUser()).filter(kind="edition")
    return [f"{row.title}: {'purée' in row.text}" for row in rows]


def test_the_search_finds_the_edition_that_stands(edition, client_for):
    coordinator = make.make_coordinator()
    assert found() == []
    publishing.publish_edition(edition, by=coordinator, now=make.NOW)
    assert found() == ["À mi-marée: True"]
    draft = publishing.correct_edition(edition, by=coordinator, now=make.NOW)
    type(draft).objects.filter(pk=draft.pk).update(change_note="Une date.")
    draft.refresh_from_db()
    publishing.publish_edition(draft, by=coordinator, now=make.NOW)
    rows = SearchEntry.objects
    assert found() == ["À mi-marée: True"]
    assert rows.get(kind="edition").path == draft.get_absolute_url()


def test_the_front_page_and_the_feed_announce_it(edition, client_for):
    publishing.publish_edition(edition, by=make.make_coordinator(), now=make.NOW)
    (item,) = news.latest([], 5)
    assert (item.title, str(item.headline), item.url) == ("À mi-marée", "Un carnet de voyage est publié", "/carnet/a-mi-maree/")
    for address in ("/", "/actualites.atom"):
        assert "À mi-marée" in client_for().get(address).content.decode()
