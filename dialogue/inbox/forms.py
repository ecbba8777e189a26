"""Forms of the inbox."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.discussion.models import Thread
from dialogue.inbox.models import Mail
from dialogue.meetings.stages import Rsvp

#: The discussions offered, the most recent first; older ones are reached by writing there.
OFFERED = 100


class ThreadField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.get_subject_display()})"


class FileForm(forms.Form):
    """Where a mail is published: in a discussion of its group, or in a new one."""

    thread = ThreadField(
        label=gettext_lazy("Discussion"),
        queryset=Thread.objects.none(),
        required=False,
        empty_label=gettext_lazy("Une nouvelle discussion"),
    )
    title = forms.CharField(
        label=gettext_lazy("Sujet de la nouvelle discussion"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Seulement pour une nouvelle discussion."),
    )

    def __init__(self, *args: Any, mail: Mail, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Thread.objects.filter(chantier=mail.chantier, closed_at=None).order_by("-last_at")
        field = self.fields["thread"]
        # Judged among all, shown among the last: a suggestion may be an old one.
        field.queryset = rows
        shown = list(rows[:OFFERED])
        if mail.thread is not None and mail.thread not in shown:
            shown.insert(0, mail.thread)
        field.choices = [("", field.empty_label), *((row.pk, field.label_from_instance(row)) for row in shown)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("thread") and not data.get("title", "").strip() and "thread" not in self.errors:
            self.add_error("title", _("Choisissez une discussion, ou donnez un sujet à la nouvelle."))
        return data


class PresenceForm(forms.Form):
    rsvp = forms.TypedChoiceField(coerce=Rsvp, label=gettext_lazy("Sa réponse à la convocation"), choices=Rsvp.choices)


class AssignForm(forms.Form):
    chantier = forms.ModelChoiceField(
        label=gettext_lazy("Groupe"),
        queryset=Chantier.objects.exclude(stage__in=[Stage.PROPOSED, Stage.ARCHIVED, Stage.ABANDONED]).order_by("number"),
        error_messages={"required": gettext_lazy("Choisissez le groupe à qui confier ce courriel.")},
    )


class RejectForm(forms.Form):
    motive = forms.CharField(
        label=gettext_lazy("Ce que vous répondez à l’expéditeur"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Dites à l’expéditeur pourquoi son courriel n’est pas publié.")},
    )
