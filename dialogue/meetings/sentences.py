"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "meetings.convene_meeting": _("a convoqué une séance"),
    "meetings.move_meeting": _("a déplacé une séance"),
    "meetings.hold_meeting": _("a marqué une séance comme tenue"),
    "meetings.cancel_meeting": _("a annulé une séance"),
}
