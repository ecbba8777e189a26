"""How the register tells the acts of this room: the subject comes before, the thing after."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "pacts.open_pact": _("a ouvert le pacte d’un territoire"),
    "pacts.write_pact": _("a écrit la présentation d’un pacte"),
    "pacts.add_action": _("a ajouté une action à un pacte"),
    "pacts.change_action": _("a modifié une action d’un pacte"),
    "pacts.start_action": _("a noté qu’une action d’un pacte commence"),
    "pacts.complete_action": _("a noté qu’une action d’un pacte est réalisée"),
    "pacts.drop_action": _("a abandonné une action d’un pacte"),
    "pacts.resume_action": _("a repris une action d’un pacte"),
    "pacts.remove_action": _("a retiré une action en préparation"),
    "pacts.change_lead": _("a changé l’organisme pilote d’actions des pactes"),
    "pacts.link_contribution": _("a rattaché une contribution à une action d’un pacte"),
    "pacts.unlink_contribution": _("a détaché une contribution d’une action d’un pacte"),
    "pacts.prepare_edition": _("a préparé l’actualisation d’un pacte"),
    "pacts.refresh_edition": _("a mis à jour une actualisation à partir des données"),
    "pacts.write_edition": _("a écrit les textes de l’actualisation d’un pacte"),
    "pacts.discard_edition": _("a renoncé à une actualisation en préparation"),
    "pacts.adopt_edition": _("a enregistré l’adoption d’un pacte actualisé"),
    "pacts.publish_edition": _("a publié un pacte actualisé"),
    "pacts.correct_edition": _("a commencé la correction d’un pacte publié"),
}
