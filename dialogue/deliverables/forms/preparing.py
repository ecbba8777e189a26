"""Forms of a deliverable under way: its words, its file, the deadline, a change to make, the validation."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.forms.life import day_field
from dialogue.deliverables import checking
from dialogue.deliverables.stages import Finding
from dialogue.documents.models import Version

#: The hour at which a deadline falls.
EVENING = time(18)


class StartForm(forms.Form):
    title = forms.CharField(
        label=_("Titre du livrable"), max_length=300, error_messages={"required": _("Donnez un titre au livrable.")}
    )


class WordsForm(forms.Form):
    """`revision` is that of the text being corrected: it tells whether someone else wrote in the meantime."""

    title = forms.CharField(label=_("Titre"), max_length=300, error_messages={"required": _("Donnez un titre au livrable.")})
    summary = forms.CharField(
        label=_("Résumé"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Ce que c’est, pour qui, à quoi cela sert : quelques phrases que tout le monde comprend."),
    )
    full_text = forms.CharField(
        label=_("Texte complet"),
        max_length=200_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Si le livrable se lit sur la page, ou pour qui ne peut pas lire le fichier. Un tiret en début de ligne fait une liste."
        ),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, version: Any) -> str:
        return f"{version.document.title} ({version.filename}, v{version.number})"


class FileForm(forms.Form):
    """A file, or a version of a document that the group has. What is seen of its accessibility: `finding`."""

    file = forms.FileField(label=_("Fichier"), required=False)
    version = VersionChoice(
        label=_("Ou un document que le groupe a déjà"), queryset=Version.objects.none(), required=False, empty_label=_("Aucun")
    )

    def __init__(self, *args: Any, versions: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        limit = {"limit": settings.DOCUMENT_MAX_BYTES // 1_000_000}
        self.fields["file"].help_text = (
            _("%(limit)d Mo au plus : PDF avec des balises, ODT, DOCX, tableur, texte, image…") % limit
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, version = data.get("file"), data.get("version")
        if self.errors:
            return data
        if (file is None) == (version is None):
            chosen = (
                _("Choisissez un fichier ou un document, pas les deux.") if file else _("Choisissez un fichier ou un document.")
            )
            raise forms.ValidationError(chosen)
        return data

    def facts(self) -> dict[str, Any]:
        """What the act takes; opens a PDF at a distance (half a second)."""
        file, version = self.cleaned_data["file"], self.cleaned_data["version"]
        if file is not None:
            return {"file": file, "finding": checking.look(file, file.name)}
        with version.file.open("rb") as stored:
            return {"version": version, "finding": Finding(checking.look(stored, version.filename))}


class SubmitForm(forms.Form):
    deadline = day_field(_("Jusqu’au"), help_text=_("À 18 h ce jour-là. Le silence vaut accord : le courriel le dit."))

    def facts(self) -> dict[str, Any]:
        return {"deadline": timezone.make_aware(datetime.combine(self.cleaned_data["deadline"], EVENING))}


class ChangeForm(forms.Form):
    reason = forms.CharField(
        label=_("Ce qui est à changer, et pourquoi"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Tout le groupe le lira. Le livrable revient au travail, puis le groupe est consulté de nouveau."),
        error_messages={"required": _("Dites ce qui est à changer, et pourquoi.")},
    )


class MeetingForm(forms.Form):
    """At which meeting the group agreed."""

    meeting_number = forms.TypedChoiceField(
        label=_("Séance"), coerce=int, error_messages={"required": _("Choisissez la séance.")}
    )

    def __init__(self, *args: Any, meetings: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["meeting_number"].choices = meetings  # type: ignore[attr-defined]
