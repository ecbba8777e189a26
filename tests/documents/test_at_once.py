"""Two members add the same file at the same moment."""

from __future__ import annotations

import pytest

from dialogue.chantiers.stages import Stage
from dialogue.documents.models import Document
from tests.chantiers.races import at_once
from tests.documents import files
from tests.documents.test_documents import add
from tests.factories import make_chantier, make_department, make_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_file_sent_by_two_at_once_is_kept_once():
    make_department()
    chantier = make_chantier(stage=Stage.WORKING)
    people, data = [make_member(chantier).person for _ in range(4)], files.pdf()
    said = at_once(*(lambda person=person: add(chantier, person, data) for person in people))
    assert sorted(said) == ["Refused", "Refused", "Refused", "done"]
    assert Document.objects.count() == 1
