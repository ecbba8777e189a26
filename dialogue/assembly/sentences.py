"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "assembly.draft": _("a commencé une proposition"),
    "assembly.edit": _("a modifié une proposition"),
    "assembly.adopt_by_group": _("a enregistré l’adoption d’une proposition par le groupe"),
    "assembly.back_to_drafting": _("a remis une proposition en rédaction"),
    "assembly.submit": _("a transmis une proposition à l’instruction"),
    "assembly.ask_opinion": _("a demandé l’avis d’un service"),
    "assembly.cancel_opinion_request": _("a annulé une demande d’avis à un service"),
    "assembly.give_opinion": _("a enregistré l’avis d’un service"),
    "assembly.widen_circle": _("a rendu une proposition publique"),
    "assembly.withdraw": _("a retiré une proposition"),
    "assembly.redraft": _("a repris une proposition dans un nouveau texte"),
    "assembly.create_session": _("a ajouté une séance de l’assemblée"),
    "assembly.change_session": _("a modifié une séance de l’assemblée"),
    "assembly.remove_session": _("a retiré une séance de l’assemblée"),
    "assembly.table": _("a inscrit une proposition à une séance de l’assemblée"),
    "assembly.untable": _("a retiré une proposition de l’ordre du jour de l’assemblée"),
    "assembly.record_vote": _("a enregistré un vote de l’assemblée"),
    "assembly.correct_vote": _("a corrigé l’enregistrement d’un vote"),
    "assembly.return_to_instruction": _("a remis une proposition à l’instruction"),
    "assembly.enter_pact": _("a inscrit une proposition au pacte"),
    "assembly.no_follow_up": _("a classé une proposition sans suite"),
    "assembly.move_service": _("a repris les avis d’un service fusionné"),
    "assembly.import_votes": _("a importé des votes de l’assemblée"),
}
