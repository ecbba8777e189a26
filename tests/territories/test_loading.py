"""Loading a frame: counts, a second time, changes, conflicts, and nothing half-loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Sum

from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.territories import acts, frame
from dialogue.territories.models import CalendarDate, Commune, Department, Territory, Theme
from tests.factories import NOW, make_coordinator, make_person

pytestmark = pytest.mark.django_db


def load(path: Path) -> acts.Report:
    return acts.load_frame(None, by=SYSTEM, now=NOW, frame=frame.read(path))


def counts() -> list[int]:
    return [model.objects.count() for model in (Department, Territory, Commune, Theme, CalendarDate, Entry)]


def test_the_frame_of_2017_is_loaded_whole(no_loaders: list[Any]) -> None:
    out = StringIO()
    call_command("load_frame", str(frame.GIRONDE_2017), stdout=out)
    assert counts() == [1, 9, 534, 14, 6, 1]
    assert Commune.objects.aggregate(all=Sum("population"))["all"] == 1_690_493
    assert Territory.objects.get(code="graves").communes.aggregate(all=Sum("population"))["all"] == 285_098
    assert list(Theme.objects.values_list("icon", flat=True)) == [
        "pomme", "bus", "maison", "canne", "porte", "anneaux", "landau", "mallette", "ecran", "foyer", "etoiles", "clocher", "livre",
        "famille",
    ]  # fmt: skip
    assert Department.objects.get().contact_email.endswith(".example")
    assert "approximation" in Department.objects.get().attribution
    assert "communes : 534 nouveaux, 0 modifiés" in out.getvalue()


def test_a_second_load_changes_nothing_and_says_so(no_loaders: list[Any]) -> None:
    call_command("load_frame", stdout=StringIO())
    before = counts()
    out = StringIO()
    call_command("load_frame", stdout=out)
    assert out.getvalue().strip() == "Ce cadre est déjà chargé : rien ne change."
    assert counts() == before
    assert set(CalendarDate.objects.values_list("sequence", flat=True)) == {0}


def test_a_brand_with_decimals_is_loaded_once(small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any]) -> None:
    small["department"]["brand"] = {"hue": 330, "vividness": 0.9, "radius": 0.3, "title_font": "round"}
    load(write(small))
    with pytest.raises(acts.NothingToChange):
        load(write(small))
    assert Department.objects.get().has_own_brand


def test_a_changed_file_updates_by_code_and_keeps_what_it_no_longer_names(
    small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any]
) -> None:
    load(write(small))
    small["territories"][0]["name"] = "Grand Nord"
    small["communes"] = [small["communes"][0] | {"population": 310, "territory": "sud"}]
    small["dates"][1]["day"] = "2017-12-15"
    del small["themes"][1]
    small["themes"].append({"code": "mer", "name": "Mer"})
    report = load(write(small))
    assert (report.created["themes"], report.changed["territories"], report.changed["communes"], report.changed["dates"]) == (
        1,
        1,
        1,
        1,
    )
    assert report.kept == {"communes": ["Bruyères"], "themes": ["Habitat"]}
    assert Territory.objects.get(code="nord").name == "Grand Nord"
    assert Commune.objects.get(pk="99001").territory.code == "sud"
    assert Theme.objects.count() == 3
    assert CalendarDate.objects.get(code="vote").sequence == 1
    assert CalendarDate.objects.get(code="conseils-1").sequence == 0


def test_territories_may_exchange_names_and_tiles(
    small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any]
) -> None:
    load(write(small))
    first, second = small["territories"]
    first["tile"], second["tile"] = second["tile"], first["tile"]
    first["name"], second["name"] = second["name"], first["name"]
    small["communes"][1]["territory"] = "sud"
    load(write(small))
    assert list(Territory.objects.values_list("code", "name", "tile_row")) == [("nord", "Sud", 2), ("sud", "Nord", 1)]


def test_a_name_or_tile_held_by_a_kept_territory_is_refused(
    small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any]
) -> None:
    load(write(small))
    small["territories"][1]["code"] = "midi"
    small["chantiers"] = []
    before = counts()
    with pytest.raises(Refused) as caught:
        load(write(small))
    assert caught.value.reasons == ["Le nom « Sud » est déjà pris par sud.", "La tuile 2 × 1 est déjà prise par Sud."]
    assert counts() == before


def test_the_frame_of_another_departement_is_refused(
    small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any]
) -> None:
    load(write(small))
    small["department"]["code"] = "33"
    with pytest.raises(Refused) as caught:
        load(write(small))
    assert caught.value.reasons == ["Cette installation sert le département 99, le fichier décrit le département 33."]


def test_chantiers_are_handed_to_the_room_above_with_their_places(
    small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any]
) -> None:
    seen: list[Any] = []

    def loader(rows: list[dict[str, Any]], *, by: Any, now: Any, places: dict[str, Any]) -> int:
        seen.append((rows, by, now, places))
        return len(rows)

    no_loaders.append(loader)
    assert load(write(small)).changed["chantiers"] == 1
    rows, by, now, places = seen[0]
    assert (rows, by, now) == (small["chantiers"], SYSTEM, NOW)
    assert {section: sorted(found) for section, found in places.items()} == {
        "territories": ["nord", "sud"],
        "themes": ["habitat", "mobilite"],
        "dates": ["conseils-1", "groupes", "vote"],
    }
    assert places["dates"]["conseils-1"].pk


@pytest.mark.parametrize("failure", [Refused("Non."), RuntimeError("disk"), KeyboardInterrupt()])
def test_a_failure_at_the_very_end_leaves_nothing(
    small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any], failure: BaseException
) -> None:
    def loader(rows: Any, **rest: Any) -> int:
        assert Commune.objects.count() == 2
        raise failure

    no_loaders.append(loader)
    with pytest.raises(type(failure)):
        load(write(small))
    assert counts() == [0, 0, 0, 0, 0, 0]


KILLED = """
import os, sys, django
django.setup()
from dialogue.territories import frame, acts
from dialogue.ledger.acts import SYSTEM
from dialogue.ledger.clock import now
from dialogue.territories.models import Commune
from django.core.management import call_command
call_command("migrate", verbosity=0)
def loader(rows, **rest):
    assert Commune.objects.count() == 534
    os.kill(os.getpid(), 9)
frame.loaders[:] = [loader]
acts.load_frame(None, by=SYSTEM, now=now(), frame=frame.read(frame.GIRONDE_2017))
"""
COUNT = """
import django
django.setup()
from dialogue.territories.models import Commune, Territory
print(Territory.objects.count(), Commune.objects.count())
"""


@pytest.mark.slow
def test_a_load_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    env = os.environ | {"DATA_DIR": str(tmp_path), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings"}
    run = [sys.executable, "-c"]
    killed = subprocess.run([*run, KILLED], cwd=settings.BASE_DIR, env=env, capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr.decode()
    left = subprocess.run([*run, COUNT], cwd=settings.BASE_DIR, env=env, capture_output=True, check=True)
    assert left.stdout.decode().split() == ["0", "0"]


def test_the_command_prints_every_error_and_loads_nothing(
    small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any]
) -> None:
    small["themes"][0]["name"] = ""
    small["communes"][0]["territory"] = "est"
    with pytest.raises(CommandError) as caught:
        call_command("load_frame", str(write(small)))
    assert str(caught.value).split("\n") == [
        "Rien n’est chargé.",
        "cadre.json, themes[0].name : ce texte est vide.",
        "cadre.json, communes[0].territory : aucun territoire ne s’appelle « est ».",
    ]
    assert counts() == [0, 0, 0, 0, 0, 0]


def test_a_file_can_be_checked_without_being_loaded(small: dict[str, Any], write: Callable[..., Path]) -> None:
    out = StringIO()
    call_command("load_frame", str(write(small)), "--check", stdout=out)
    assert out.getvalue().strip() == "cadre.json : aucune erreur."
    assert counts() == [0, 0, 0, 0, 0, 0]


def test_a_partner_may_not_load_a_frame_and_the_coordination_may(
    small: dict[str, Any], write: Callable[..., Path], no_loaders: list[Any]
) -> None:
    found = frame.read(write(small))
    with pytest.raises(NotAllowed):
        acts.load_frame(None, by=make_person(), now=NOW, frame=found)
    acts.load_frame(None, by=make_coordinator(), now=NOW, frame=found)
    entry = Entry.objects.get(act="territories.load_frame")
    assert (entry.thing_type, entry.facts) == ("", {})
