"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "logbook.propose": _("a proposé quelque chose pour le carnet de voyage"),
    "logbook.propose_material": _("a proposé pour le carnet ce qui a été noté en séance"),
    "logbook.write": _("a écrit pour le carnet de voyage"),
    "logbook.edit_entry": _("a corrigé une proposition pour le carnet"),
    "logbook.withdraw": _("a repris sa proposition pour le carnet"),
    "logbook.choose": _("a retenu une proposition pour le carnet"),
    "logbook.refuse": _("n’a pas retenu une proposition pour le carnet"),
    "logbook.reconsider": _("a remis une proposition du carnet à l’étude"),
    "logbook.end_consent": _("a retiré du carnet un élément dont l’accord a pris fin"),
    "logbook.note_treatment": _("a préparé un fichier du carnet"),
    "logbook.forget_original": _("a effacé le fichier d’une proposition non retenue"),
    "logbook.unname": _("a retiré le nom d’un auteur du carnet"),
    "logbook.draft_edition": _("a ouvert un carnet de voyage"),
    "logbook.describe_edition": _("a modifié la présentation du carnet"),
    "logbook.drop_draft": _("a abandonné un carnet en préparation"),
    "logbook.add_chapter": _("a ajouté une escale au carnet"),
    "logbook.edit_chapter": _("a modifié une escale du carnet"),
    "logbook.move_chapter": _("a déplacé une escale du carnet"),
    "logbook.remove_chapter": _("a retiré une escale du carnet"),
    "logbook.place": _("a placé un élément dans le carnet"),
    "logbook.move_placement": _("a déplacé un élément du carnet"),
    "logbook.lay_out": _("a changé la mise en page d’un élément du carnet"),
    "logbook.unplace": _("a sorti un élément du carnet"),
    "logbook.set_figures": _("a mis à jour les chiffres du carnet"),
    "logbook.publish_edition": _("a publié un carnet de voyage"),
    "logbook.correct_edition": _("a commencé la correction d’un carnet"),
    "logbook.reissue": _("a publié une édition corrigée du carnet"),
    "logbook.bind_again": _("a demandé de refaire les fichiers du carnet"),
    "logbook.note_bound": _("a préparé un fichier à télécharger du carnet"),
    "logbook.name_editor": _("a ajouté une personne à l’équipe du carnet"),
    "logbook.end_editor": _("a retiré une personne de l’équipe du carnet"),
}
