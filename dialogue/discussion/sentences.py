"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "discussion.start_thread": _("a ouvert une discussion"),
    "discussion.open_thread": _("a ouvert des remarques"),
    "discussion.post_comment": _("a publié un message"),
    "discussion.edit_comment": _("a corrigé un de ses messages"),
    "discussion.hide_comment": _("a masqué un message"),
    "discussion.show_comment": _("a montré de nouveau un message"),
    "discussion.settle_remark": _("a donné suite à une remarque"),
    "discussion.close_thread": _("a clos une discussion"),
    "discussion.reopen_thread": _("a rouvert une discussion"),
    "discussion.follow_thread": _("suit une discussion"),
    "discussion.move_organisation": _("a repris les messages d’un organisme fusionné"),
    "discussion.unfollow_thread": _("ne suit plus une discussion"),
}
