"""How the register tells these acts: the subject comes before, the thing after."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "contributions.upload_batch": _("a déposé un fichier de contributions"),
    "contributions.map_batch": _("a dit ce que contient chaque colonne d’un fichier de contributions"),
    "contributions.check_batch": _("a vérifié à blanc un fichier de contributions"),
    "contributions.start_import": _("a lancé l’import d’un fichier de contributions"),
    "contributions.finish_import": _("a fait entrer les contributions d’un fichier"),
    "contributions.fail_import": _("a interrompu un import : rien n’est entré"),
    "contributions.undo_import": _("a annulé un import : ses contributions sont retirées"),
    "contributions.forget_file": _("a effacé un fichier de contributions déjà importé"),
    "contributions.forget_batch": _("a effacé un fichier de contributions jamais importé"),
}
