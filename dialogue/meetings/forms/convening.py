"""The form that convenes a meeting, or moves it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.forms.life import day_field


class MeetingForm(forms.Form):
    day = day_field(_("Date de la séance"))
    starts = forms.TimeField(
        label=_("De"),
        error_messages={"required": _("Indiquez l’heure de début."), "invalid": _("Indiquez une heure, par exemple 14:30.")},
    )
    ends = forms.TimeField(
        label=_("À"),
        error_messages={"required": _("Indiquez l’heure de fin."), "invalid": _("Indiquez une heure, par exemple 16:30.")},
    )
    place = forms.CharField(
        label=_("Lieu"),
        max_length=300,
        required=False,
        help_text=_("L’adresse et la salle, ou un lien ci-dessous. Seul le groupe les lira."),
    )
    online_url = forms.URLField(
        label=_("Lien de visioconférence"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Copiez l’adresse entière, qui commence par https://.")},
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("starts") and facts.get("ends") and facts["ends"] <= facts["starts"]:
            self.add_error("ends", _("La séance doit finir après son début."))
        if not facts.get("place") and not facts.get("online_url") and not {"place", "online_url"} & set(self.errors):
            self.add_error("place", _("Indiquez un lieu, un lien de visioconférence, ou les deux."))
        return facts

    def facts(self) -> dict[str, Any]:
        """What the acts take; the hours are those of the Département."""
        data = self.cleaned_data
        return {
            "starts_at": _moment(data["day"], data["starts"]),
            "ends_at": _moment(data["day"], data["ends"]),
            "place": data["place"],
            "online_url": data["online_url"],
        }


def _moment(day: Any, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def initial_of(meeting: Any) -> dict[str, Any]:
    starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "place": meeting.place,
        "online_url": meeting.online_url,
    }
