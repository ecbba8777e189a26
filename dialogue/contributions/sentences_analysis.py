"""How the register tells these acts: the subject comes before, the thing after."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "contributions.start_analysis": _("a demandé une analyse des contributions"),
    "contributions.note_suggestions": _("a noté des suggestions de thèmes"),
    "contributions.note_copies": _("a noté des textes presque identiques"),
    "contributions.finish_analysis": _("a terminé une analyse des contributions"),
    "contributions.fail_analysis": _("a interrompu une analyse des contributions"),
    "contributions.make_clusters": _("a regroupé des contributions par leurs mots"),
    "contributions.name_cluster": _("a nommé un regroupement"),
    "contributions.split_cluster": _("a partagé un regroupement"),
    "contributions.merge_clusters": _("a réuni deux regroupements"),
    "contributions.move_contributions": _("a changé des contributions de regroupement"),
    "contributions.undo_cluster_change": _("a annulé un changement de regroupement"),
}
