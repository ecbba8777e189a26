"""A page asks the database as many questions for three items as for one."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.house.doors import Visitors, doors, overheard
from tests.house.sweep import standing_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.sqlite]  # the first has the database made for the sweep
#: The most that a page may ask; savepoints do not count.
MOST, MOST_ANONYMOUS = 12, 6
BUDGET_OF_SIX = {"portal:home", "portal:chantiers"}
#: Doors of the group at work that gather several rooms: name → the most that they may ask, whatever the size of the group.
HEAVIER: dict[str, int] = {
    "portal:sitemap": 16,  # the public pages of each room
    "portal:my_space": 13,  # what waits for the reader in each room
    "portal:pilot": 13,  # what waits in each room
    "assembly:proposition": 17,  # the text, its vote, its opinions, its decisions, and the path from contributions to the pact
    "contributions:deposit": 32,  # with the draft's look-alikes: one look into the index for each telling word
    "contributions:file": 16,  # a contribution, its history, its pairs, what became of it, undoing, the templates
    "contributions:pilot": 15,  # every count of the room
    "contributions:sort": 16,  # the queue, the one that is open, its pairs, its suggestion, the choices of both forms
    "portal:chantier": 18,  # its life, its group, its roadmap, its minutes, and the path from contributions to the pact
    "portal:contribution": 38,  # what became of it in each room, its path to the pact, and its look-alikes, word by word
    "opendata:datasets": 34,  # one count for each data set, remembered until the next act
    "portal:contributions": 13,  # counts, matrix, candidates, groups, results
    "portal:glance": 19,  # the page of the chantier, and the group that one pretends to be
    "portal:territory": 18,  # its pact, its chantiers, dates, communes, priorities, contributions, results, progress points
    "chantiers:roadmap": 14,  # its lines, its versions, and the remarks of the group under it
    "chantiers:roadmap_version": 13,  # the same, without a draft
    "documents:document": 13,  # its versions, its uses in each room, its remarks
    "logbook:layout": 18,  # chapters with what stands in them, what waits, figures, files, what is missing before it is published
    "chantiers:space": 33,  # ten blocks of seven rooms, and what waits for the reader in each
    "discussion:thread": 15,  # messages, their former texts, their documents, the members who may be named
    "evaluation:governance": 18,  # twelve figures from nine rooms
    "evaluation:publish": 34,  # what is missing, then everything that will be frozen: lines, survey, figures
    "evaluation:write": 33,  # the sheet, what is missing before publication, and the figures of the chantier
    "evaluation:year_publish": 28,  # every public row, and the figures of the year
    "deliverables:result": 16,  # its files, its versions, and the path from contributions to the pact
    "meetings:decision": 14,  # its minutes, and the path from contributions to the pact
    "meetings:meeting": 14,  # agenda with its documents, answers, seats, minutes, reminders
    "meetings:minutes": 16,  # versions, remarks with their texts and documents, counts by passage, who reads
    "meetings:session": 18,  # five kinds of lines, conflicts, documents, attendance, the meetings before and after
    "restitution:pilot_gathering": 22,  # the points of all territories beside the data of today, in each room
    "restitution:prepare": 23,  # one point beside the data of today, in each room
    "restitution:prepare_conference": 19,  # the points taken up, and every figure counted again
    "restitution:turn": 26,  # what blocks and what is only told, before freezing
    "restitution:turn_conference": 18,  # the same
}
#: Doors that ask once for each telling word of a text, which is not the same in the two worlds.
BY_WORD = {"contributions:deposit", "portal:contribution"}
#: The account pages are allauth's: counted at one and at three like the others, without the budget.
NOT_OURS = ("account_", "mfa_", "socialaccount_", "usersessions_")
#: One of each kind of reader is enough to count.
COUNTED = ("anonymous", "partner", "lead", "coordination")
NOISE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def count(size: int, folder: Path) -> dict[tuple[str, str, str], tuple[int, list[str]]]:
    """(visitor, name of the door, label) → (queries, their text), in a world of `size`."""
    found = {}
    with standing_world(size, folder) as (world, client_for):
        visitors = Visitors(world, client_for)
        once = {door.name: door for door in reversed(doors(world)) if door.label.split()[:1] != ["proposed"]}
        for door in once.values():
            for name in COUNTED:
                with overheard() as queries:
                    response = visitors.knock(name, door.path)
                if response.status_code == HTTPStatus.OK:
                    texts = [sql for sql in queries if not sql.startswith(NOISE)]
                    found[name, door.name, door.label] = (len(texts), texts)
    return found


@pytest.fixture(scope="module")
def counted(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    folder = tmp_path_factory.mktemp("mail")
    with django_db_blocker.unblock():
        return count(1, folder), count(3, folder)


def test_three_items_cost_no_more_queries_than_one(counted):
    one, three = counted
    assert one
    grown = []
    for key in one.keys() & three.keys():
        if one[key][0] != three[key][0] and key[1] not in BY_WORD:
            extra = [text[:160] for text in three[key][1] if text[:60] not in {t[:60] for t in one[key][1]}] or [
                three[key][1][-1][:160]
            ]
            grown.append(f"{key}: {one[key][0]} → {three[key][0]}, such as {extra[0]}")
    assert grown == [], "\n".join(sorted(grown))


def test_every_page_stays_within_its_budget(counted):
    _one, three = counted
    over = [
        f"{number} queries for {name} at {door} [{label}]"
        for (name, door, label), (number, _) in three.items()
        if not door.startswith(NOT_OURS)
        and number > (MOST_ANONYMOUS if name == "anonymous" and door in BUDGET_OF_SIX else HEAVIER.get(door, MOST))
    ]
    assert over == [], "\n".join(sorted(over))
