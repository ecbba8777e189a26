"""How the register tells these acts: the subject comes before, the thing after."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "contributions.open_campaign": _("a préparé une campagne de contributions"),
    "contributions.change_campaign": _("a modifié une campagne de contributions"),
    "contributions.announce_campaign": _("a annoncé une campagne de contributions"),
    "contributions.close_campaign": _("a clos une campagne de contributions"),
    "contributions.reopen_campaign": _("a rouvert une campagne de contributions"),
    "contributions.start_draft": _("a commencé une contribution"),
    "contributions.keep_draft": _("a continué un brouillon de contribution"),
    "contributions.take_over_draft": _("a repris son brouillon de contribution dans son compte"),
    "contributions.discard_draft": _("a effacé un brouillon de contribution"),
    "contributions.purge_draft": _("a effacé un brouillon de contribution abandonné"),
    "contributions.ask_code": _("a demandé un code pour confirmer son adresse"),
    "contributions.ask_support_code": _("a demandé un code pour confirmer son soutien"),
    "contributions.try_code": _("a écrit un code reçu par courriel"),
    "contributions.send_draft": _("a déposé une contribution"),
    "contributions.attach_file": _("a joint un fichier à une contribution"),
    "contributions.remove_file": _("a retiré un fichier d’une contribution"),
    "contributions.note_scan": _("a vérifié un fichier d’une contribution"),
    "contributions.correct": _("a corrigé sa contribution"),
    "contributions.complete": _("a complété sa contribution"),
    "contributions.withdraw": _("a retiré sa contribution"),
    "contributions.change_consent": _("a dit si sa contribution peut être publiée, et sous quel nom"),
    "contributions.stop_mail": _("ne veut plus de courriels sur sa contribution"),
    "contributions.resume_mail": _("veut de nouveau des courriels sur sa contribution"),
    "contributions.support": _("a soutenu une contribution"),
    "contributions.purge_support": _("a effacé un soutien jamais confirmé"),
    "contributions.enter": _("a saisi une contribution pour quelqu’un"),
    "contributions.receive_by_api": _("a reçu une contribution d’un autre outil, par l’API"),
    "contributions.receive_by_mail": _("a reçu une contribution par courriel"),
    "contributions.forget_author": _("a effacé le nom d’un auteur de contributions"),
    "contributions.move_to_organisation": _("a réuni les contributions d’organismes fusionnés"),
}
