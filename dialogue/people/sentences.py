"""The acts of the people room, as the register tells them."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "people.declare_oneself": _("a demandé un compte"),
    "people.ask_validation": _("a vérifié son adresse : la demande attend la coordination"),
    "people.remind_waiting": _("a rappelé une demande de compte à la coordination"),
    "people.validate_account": _("a validé un compte"),
    "people.refuse_account": _("a refusé une demande de compte"),
    "people.change_account": _("a modifié son compte"),
    "people.set_office": _("a changé la charge d’une personne"),
    "people.close_account": _("a fermé un compte"),
    "people.renew_calendar_key": _("a changé l’adresse de son calendrier"),
    "people.warn_inactive": _("a prévenu une personne de la fermeture de son compte"),
    "people.propose_organisation": _("a proposé un organisme"),
    "people.change_organisation": _("a modifié un organisme"),
    "people.validate_organisation": _("a validé un organisme"),
    "people.merge_organisations": _("a fusionné un organisme avec un autre"),
    "people.grant_mandate": _("a donné un mandat : une personne représente un organisme"),
    "people.end_mandate": _("a mis fin à un mandat"),
}
