"""A group that talks."""

from __future__ import annotations

from typing import Any

import pytest

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Role, Stage
from tests.factories import make_chantier, make_department, make_member, make_person


@pytest.fixture
def group(db: Any) -> tuple[Chantier, dict[str, Any]]:
    """A lead, two partners, an observer."""
    make_department()
    chantier = make_chantier(stage=Stage.WORKING)
    people = {
        "lead": make_member(chantier, role=Role.LEAD, person=make_person(name="Le Pilote")).person,
        "anne": make_member(chantier, person=make_person(name="Anne Dupré")).person,
        "bilal": make_member(chantier, person=make_person(name="Bilal Haddad")).person,
        "observer": make_member(chantier, role=Role.OBSERVER).person,
    }
    return chantier, people
