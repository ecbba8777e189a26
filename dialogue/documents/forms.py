"""Forms of the documents room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dialogue.discussion.forms import FilesField
from dialogue.documents.stages import Nature
from dialogue.people.stages import Circle


class AddForm(forms.Form):
    files = FilesField(
        label=_("Fichiers"),
        error_messages={"required": _("Choisissez au moins un fichier.")},
    )
    nature = forms.TypedChoiceField(coerce=Nature, label=_("Nature"), choices=Nature.choices, initial=Nature.WORKING)
    title = forms.CharField(
        label=_("Titre"),
        max_length=200,
        required=False,
        help_text=_("Pour un seul fichier ; sinon, le nom de chaque fichier sert de titre."),
    )
    description = forms.CharField(
        label=_("En quelques mots"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    circle = forms.TypedChoiceField(
        coerce=Circle, label=_("Qui pourra lire ?"), choices=Circle.choices, initial=Circle.GROUP, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, may_widen: bool, public: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        limit = {"limit": settings.DOCUMENT_MAX_BYTES // 1_000_000}
        self.fields["files"].help_text = (
            _("Plusieurs à la fois, %(limit)d Mo au plus chacun : PDF, bureautique, images, sons, textes.") % limit
        )
        if not may_widen:
            del self.fields["circle"]
        elif not public:
            self.fields["circle"].choices = [choice for choice in Circle.choices if choice[0] != Circle.PUBLIC]


class VersionForm(forms.Form):
    file = forms.FileField(label=_("Fichier de la nouvelle version"), error_messages={"required": _("Choisissez un fichier.")})
    note = forms.CharField(label=_("Ce qui change"), max_length=500, required=False)


class DocumentForm(forms.Form):
    title = forms.CharField(label=_("Titre"), max_length=200, error_messages={"required": _("Donnez un titre au document.")})
    nature = forms.TypedChoiceField(coerce=Nature, label=_("Nature"), choices=Nature.choices)
    description = forms.CharField(
        label=_("En quelques mots"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CircleForm(forms.Form):
    circle = forms.TypedChoiceField(coerce=Circle, label=_("Qui pourra lire ?"), choices=Circle.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, public: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not public:
            self.fields["circle"].choices = [choice for choice in Circle.choices if choice[0] != Circle.PUBLIC]


class WithdrawForm(forms.Form):
    motive = forms.CharField(
        label=_("Motif"),
        max_length=500,
        help_text=_("Le groupe le lira ; le document reste dans ses archives."),
        error_messages={"required": _("Dites pourquoi le document est retiré.")},
    )
