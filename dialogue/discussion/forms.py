"""Forms of the discussion: a message, a new talk, a motive, an answer to a remark."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.discussion.acts import LONGEST
from dialogue.discussion.stages import Outcome


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Zero file or more."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [one for each in given if (one := super(FilesField, self).clean(each, initial))]


class CommentForm(forms.Form):
    """A message; with `passages` (key, label), a remark on one of them. `members` may be told."""

    passage = forms.ChoiceField(label=_("Sur quel point ?"), required=False)
    passage_text = forms.CharField(
        label=_("Les mots dont vous parlez"),
        max_length=600,
        required=False,
        help_text=_("Recopiés ici, ils restent sous votre remarque même si le texte change."),
    )
    text = forms.CharField(
        label=_("Votre message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Écrivez votre message.")},
    )
    files = FilesField(label=_("Joindre des fichiers"), required=False)
    tell = forms.MultipleChoiceField(
        label=_("Prévenir tout de suite"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Vous pouvez aussi écrire @ suivi du nom d’un membre."),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, passages: Iterable[tuple[str, str]] = (), members: Iterable[Any] = (), **options: Any) -> None:
        options.setdefault("initial", {"client_key": uuid.uuid4()})
        super().__init__(*args, **options)
        passages = list(passages)
        if passages:
            self.fields["passage"].choices = [("", _("L’ensemble")), *passages]
            self.fields["text"].label = _("Votre remarque")
        else:
            del self.fields["passage"], self.fields["passage_text"]
        people = [(str(person.pk), str(person)) for person in members]
        if people:
            self.fields["tell"].choices = people
        else:
            del self.fields["tell"]

    def facts(self) -> dict[str, Any]:
        """What `post_comment` takes."""
        data = self.cleaned_data
        facts = {"text": data["text"], "tell": [int(pk) for pk in data.get("tell", [])], "client_key": data.get("client_key")}
        if data.get("passage"):
            facts["passage_key"] = data["passage"]
        if data.get("passage_text"):
            facts["passage_text"] = data["passage_text"]
        return facts


class ThreadForm(CommentForm):
    title = forms.CharField(label=_("Sujet"), max_length=200, error_messages={"required": _("Donnez un sujet à votre message.")})
    field_order = ["title", "text", "files", "tell", "client_key"]

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"title": self.cleaned_data["title"]}


class EditForm(forms.Form):
    text = forms.CharField(
        label=_("Votre message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Écrivez votre message.")},
    )


class MotiveForm(forms.Form):
    motive = forms.CharField(
        label=_("Motif"),
        max_length=500,
        help_text=_("Le groupe le lira à la place du message ; son auteur le recevra."),
        error_messages={"required": _("Dites pourquoi ce message est masqué.")},
    )


class OutcomeForm(forms.Form):
    outcome = forms.TypedChoiceField(
        coerce=Outcome,
        label=_("Suite donnée"),
        widget=forms.RadioSelect,
        choices=[c for c in Outcome.choices if c[0] != Outcome.OPEN],
        error_messages={"required": _("Choisissez la suite donnée à la remarque.")},
    )
    reason = forms.CharField(
        label=_("Réponse"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nécessaire si la remarque n’est pas retenue. Le groupe la lira sous la remarque."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Outcome.NOT_KEPT and not data.get("reason", "").strip():
            self.add_error("reason", _("Dites pourquoi la remarque n’est pas retenue."))
        return data
