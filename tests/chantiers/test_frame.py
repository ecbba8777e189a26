"""The chantiers of a frame come in through the acts, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dialogue.chantiers import frame
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.territories.frame import loaders
from tests.factories import NOW, TODAY, make_date, make_person, make_territory, make_theme

pytestmark = pytest.mark.django_db


def places() -> dict[str, Any]:
    return {
        "territories": {"libournais": make_territory(code="libournais", name="Libournais")},
        "themes": {"alimentaire": make_theme(code="alimentaire", name="Alimentaire")},
        "dates": {"conseils-5": make_date(starts_on=date(2017, 3, 1), series=5)},
    }


def row(**fields: Any) -> dict[str, Any]:
    return {
        "number": 7, "theme": "alimentaire", "territories": ["libournais"], "title": "Des terres", "reason": "few",
        "reason_text": "Peu en parlent.", "objective": "Douze parcelles.", "deliverable": "Une carte.", "evidence_count": 3,
        "council": "conseils-5",
    } | fields


def test_the_room_is_known_to_the_frame() -> None:
    assert frame.load in loaders


def test_a_chantier_of_the_frame_is_proposed_then_opened_on_the_day_of_its_council() -> None:
    assert frame.load([row()], by=SYSTEM, now=NOW, places=places()) == 1
    chantier = Chantier.objects.get()
    assert (chantier.number, chantier.slug, chantier.stage) == (7, "alimentaire-libournais", Stage.OPEN)
    assert (chantier.opened_on, chantier.evidence_count) == (date(2017, 3, 1), 3)
    assert list(Entry.objects.about(chantier).order_by("pk").values_list("act", flat=True)) == [
        "chantiers.propose",
        "chantiers.open",
    ]


def test_without_council_it_opens_today() -> None:
    frame.load([row(council=None)], by=SYSTEM, now=NOW, places=places())
    assert Chantier.objects.get().opened_on == TODAY


def test_a_second_load_changes_nothing() -> None:
    where = places()
    frame.load([row()], by=SYSTEM, now=NOW, places=where)
    assert frame.load([row(title="Autre titre")], by=SYSTEM, now=NOW, places=where) == 0
    assert Chantier.objects.get().title == "Des terres"


def test_two_rows_of_one_title_in_one_place_are_refused() -> None:
    with pytest.raises(Refused, match="porte déjà ce titre"):
        frame.load([row(), row(number=8)], by=SYSTEM, now=NOW, places=places())


def test_a_partner_loads_nothing() -> None:
    with pytest.raises(NotAllowed):
        frame.load([row()], by=make_person(), now=NOW, places=places())
