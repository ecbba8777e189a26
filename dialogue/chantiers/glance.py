"""« Voir comme » : the page of a chantier with the eyes of the public, of a partner, of a member."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.rules.members import may_glance
from dialogue.ledger.acts import NotAllowed
from dialogue.people.circles import Glance

#: The words of the address → those of the bar on the page.
VISITORS = {"public": _("le public"), "partenaire": _("un partenaire"), "membre": _("un membre du groupe")}


def glance_for(person: Any, chantier: Chantier, visitor: str) -> Glance:
    """The imagined reader to hand to `visible_to` and the like. `visitor`: a key of `VISITORS` (KeyError otherwise).

    Raises NotAllowed unless `person` answers for the chantier or coordinates: a glance may show less than one's own
    eyes, never more.
    """
    if not may_glance(person, chantier):
        raise NotAllowed("chantiers.glance")
    readers = {
        "public": Glance(),
        "partenaire": Glance(is_partner=True),
        "membre": Glance(is_partner=True, groups=frozenset({chantier.pk})),
    }
    return readers[visitor]
