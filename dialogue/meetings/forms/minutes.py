"""Forms of the minutes: send for review, correct, publish."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.forms.life import day_field
from dialogue.meetings.models import Minutes
from dialogue.people.circles import within
from dialogue.people.stages import Circle


class ReviewForm(forms.Form):
    deadline = day_field(
        _("Remarques attendues jusqu’au"),
        help_text=_("Sept jours, sauf raison contraire. Sans remarque, le compte-rendu est approuvé."),
    )

    @staticmethod
    def default(today: date) -> date:
        return today + timedelta(days=7)

    def moment(self) -> datetime:
        """The end of that day."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["deadline"], datetime.max.time().replace(microsecond=0)))


class PublishForm(forms.Form):
    circle = forms.TypedChoiceField(coerce=Circle, label=_("Qui pourra lire ?"), choices=Circle.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, widest: Circle, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["circle"].choices = [(circle.value, circle.label) for circle in within(widest)]


class WriteForm(forms.Form):
    """Every text of the minutes on one page; `note` says what changes, once the draft was sent."""

    def __init__(self, *args: Any, minutes: Minutes, with_note: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        meeting = minutes.meeting
        self.items = list(meeting.items.all())
        self.decisions = list(meeting.decisions.order_by("number"))
        self.actions = list(meeting.actions.select_related("owner").order_by("number"))
        for number, item in enumerate(self.items, 1):
            self._add(
                f"item-{item.pk}", f"{number}. {item.title}", item.notes, 50_000, rows=max(4, min(20, item.notes.count("\n") + 4))
            )
        for decision in self.decisions:
            self._add(f"decision-{decision.pk}", decision.label, decision.text, 600, rows=2, required=True)
            label = _("%(label)s, comment elle a été prise") % {"label": decision.label}
            self._add(f"agreement-{decision.pk}", label, decision.agreement, 200)
        for action in self.actions:
            self._add(f"action-{action.pk}", action.label, action.text, 600, rows=2, required=True)
            self.fields[f"due-{action.pk}"] = forms.DateField(
                label=_("%(label)s, pour quand") % {"label": action.label}, required=False, initial=action.due_on
            )
        if with_note:
            self.fields["note"] = forms.CharField(
                label=_("Ce qui change, et pourquoi"),
                max_length=500,
                error_messages={"required": _("Dites ce qui change, et pourquoi.")},
            )

    def _add(self, name: str, label: Any, initial: str, longest: int, *, rows: int = 0, required: bool = False) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        self.fields[name] = forms.CharField(
            label=label, initial=initial, max_length=longest, required=required, widget=widget, strip=False
        )

    def facts(self) -> dict[str, Any]:
        """What `correct_minutes` and `rectify` take."""
        data = self.cleaned_data
        return {
            "notes": {item.pk: data[f"item-{item.pk}"].replace("\r\n", "\n") for item in self.items},
            "decisions": {
                d.pk: {"text": " ".join(data[f"decision-{d.pk}"].split()), "agreement": data[f"agreement-{d.pk}"].strip()}
                for d in self.decisions
            },
            "actions": {
                a.pk: {"text": " ".join(data[f"action-{a.pk}"].split()), "due_on": data[f"due-{a.pk}"]} for a in self.actions
            },
        }
