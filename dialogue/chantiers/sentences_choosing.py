"""How the register tells the choice of chantiers: the subject comes before, the thing after."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "chantiers.put_candidate": _("a posé un candidat à un chantier"),
    "chantiers.change_candidate_note": _("a réécrit la note d’un candidat"),
    "chantiers.announce_candidate": _("a annoncé un candidat au public"),
    "chantiers.stop_announcing_candidate": _("a cessé d’annoncer un candidat"),
    "chantiers.withdraw_candidate": _("a retiré un candidat"),
    "chantiers.retain_candidate": _("a enregistré qu’un conseil retient un candidat"),
    "chantiers.set_aside_candidate": _("a enregistré qu’un conseil écarte un candidat"),
    "chantiers.reexamine_candidate": _("a remis un candidat à l’examen"),
    "chantiers.tie_candidate": _("a rattaché un candidat au chantier qu’il a ouvert"),
    "chantiers.open_from_candidate": _("a ouvert un chantier à partir d’un candidat"),
    "chantiers.attach_contribution": _("a rattaché une contribution au chantier"),
    "chantiers.detach_contribution": _("a détaché une contribution du chantier"),
}
