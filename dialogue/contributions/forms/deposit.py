"""The three steps of a deposit, the code, the support; what an author corrects; what an agent types in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from dialogue.contributions import deposit_limits
from dialogue.contributions.forms.places import UNKNOWN, PlaceForm
from dialogue.contributions.models import MAX_TEXT, Contribution
from dialogue.contributions.stages import Audience, Naming, Nature
from dialogue.people.models import Organisation
from dialogue.territories.models import Theme

SELF, BODY = "self", "organisation"
OTHER = ""


def without_nul(data: Any) -> Any:
    """A copy of what was posted, without NUL, which no database keeps and Django refuses with an obscure sentence."""
    if data is None:
        return None
    clean = data.copy()
    for key in clean:
        clean.setlist(key, [value.replace("\x00", "") for value in clean.getlist(key)])
    return clean


class Sober(forms.Form):
    """A form that takes anything typed, and that robots fill in too fast or too well."""

    website = forms.CharField(
        label=gettext_lazy("Ne remplissez pas ce champ"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        super().__init__(without_nul(data), *args, **options)
        self.fields["opened"].initial = deposit_limits.opened_now

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.pop("website", ""):
            self.add_error(
                None, _("Un champ caché aux personnes a été rempli : videz « Ne remplissez pas ce champ », puis renvoyez.")
            )
        elif deposit_limits.is_hasty(data.pop("opened", "")):
            self.add_error(
                None,
                _("Ce formulaire est revenu trop vite pour avoir été lu. Rien n’est perdu : renvoyez-le dans quelques secondes."),
            )
        data.pop("opened", None)
        return data

    def clock_again(self) -> None:
        """Refused for its haste: the next sending counts from now."""
        if self.data.get("opened") and deposit_limits.is_hasty(self.data["opened"]):
            self.data = self.data.copy()
            self.data["opened"] = deposit_limits.opened_now()

    def facts(self) -> dict[str, Any]:
        """What is kept of it, valid as far as it goes: going back loses nothing."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"website", "opened"}}


class WordsForm(forms.Form):
    nature = forms.ChoiceField(
        label=gettext_lazy("De quoi s’agit-il ?"),
        choices=Nature.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites s’il s’agit d’une initiative, d’un besoin ou d’une idée.")},
    )
    title = forms.CharField(
        label=gettext_lazy("En une phrase"),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Résumez votre contribution en une phrase."),
            "max_length": ngettext_lazy(
                "Raccourcissez : %(limit_value)d signe au plus, vous en avez écrit %(show_value)d.",
                "Raccourcissez : %(limit_value)d signes au plus, vous en avez écrit %(show_value)d.",
                "limit_value",
            ),
        },
    )
    text = forms.CharField(
        label=gettext_lazy("Expliquez-nous"),
        help_text=gettext_lazy("Qui fait quoi, pour qui, où, et ce qui manque. Écrivez comme vous parlez."),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": gettext_lazy("Expliquez-nous en quelques phrases."),
            "max_length": ngettext_lazy(
                "Raccourcissez : %(limit_value)d signe au plus, vous en avez écrit %(show_value)d. Joignez le reste dans un fichier.",
                "Raccourcissez : %(limit_value)d signes au plus, vous en avez écrit %(show_value)d. Joignez le reste dans un fichier.",
                "limit_value",
            ),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("title", "text"):
            # The browser would cut a text that is pasted too long, without a word.
            self.fields[name].widget.attrs.pop("maxlength", None)


class SubjectForm(PlaceForm):
    theme = forms.ModelChoiceField(Theme.objects.all(), label=gettext_lazy("Thème"), to_field_name="code", required=False)
    second_theme = forms.ModelChoiceField(
        Theme.objects.all(), label=gettext_lazy("Second thème"), to_field_name="code", required=False
    )
    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("Qui est concerné ?"), choices=Audience.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["theme"].empty_label = _("Je ne sais pas")
        self.fields["second_theme"].empty_label = _("Aucun")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("second_theme") and data["second_theme"] == data.get("theme"):
            data["second_theme"] = None
        elif data.get("second_theme") and not data.get("theme") and "theme" not in self.errors:
            data["theme"], data["second_theme"] = data["second_theme"], None
        return data


class WhatForm(WordsForm, Sober):
    """Step 1."""


class WhereForm(SubjectForm):
    """Step 2."""

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        super().__init__(without_nul(data), *args, **options)

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; judged by the act, one by one."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [each for each in (data if isinstance(data, list) else [data]) if each]


class WhoForm(Sober):
    """Step 3. A signed-in person chooses among the organisations they speak for; others write a name."""

    who = forms.ChoiceField(
        label=gettext_lazy("Vous écrivez"),
        choices=[(BODY, gettext_lazy("Au nom d’un organisme")), (SELF, gettext_lazy("En votre nom"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites si vous écrivez pour un organisme ou pour vous.")},
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Organisme"),
        required=False,
        empty_label=gettext_lazy("Un autre organisme"),
    )
    organisation_name = forms.CharField(
        label=gettext_lazy("Nom de l’organisme"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    author_name = forms.CharField(
        label=gettext_lazy("Votre nom"), required=False, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    author_email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        help_text=gettext_lazy("Jamais affichée. Elle sert à vous dire ce que devient votre contribution."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Indiquez votre adresse électronique : nous y enverrons un code, puis la réponse."),
            "invalid": gettext_lazy("Écrivez une adresse entière, comme nom@exemple.fr."),
        },
    )
    may_publish = forms.BooleanField(
        label=gettext_lazy("J’accepte que ma contribution soit publiée sur ce site"),
        help_text=gettext_lazy("Sinon, l’équipe seule la lira. Vous pourrez changer d’avis."),
        required=False,
    )
    naming = forms.ChoiceField(
        label=gettext_lazy("Sous quel nom ?"), choices=Naming.choices, widget=forms.RadioSelect, required=False
    )
    wants_news = forms.BooleanField(
        label=gettext_lazy("Je veux être prévenu si un chantier s’ouvre sur ce sujet"), required=False
    )
    files = FilesField(
        label=gettext_lazy("Fichiers"),
        help_text=gettext_lazy("Cinq au plus, de 10 Mo chacun : PDF, texte, tableau, image, son."),
        required=False,
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, organisations: Iterable[Any] = (), is_known: bool = False, **options: Any
    ):
        super().__init__(data, files, **options)
        own = [row.pk for row in organisations]
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=own)
        if not own:
            del self.fields["organisation"]
        if is_known:
            # The account says who they are.
            del self.fields["author_email"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ("organisation_name", "author_name"):
            data[name] = " ".join(data.get(name, "").split())
        data.setdefault("organisation", None)
        if data.get("who") == SELF:
            data["organisation"], data["organisation_name"] = None, ""
        elif data.get("organisation"):
            data["organisation_name"] = ""
        elif data.get("who") == BODY and not data["organisation_name"] and "organisation_name" not in self.errors:
            self.add_error("organisation_name", _("Écrivez le nom de l’organisme, ou choisissez « En votre nom »."))
        self._clean_naming(data)
        return data

    def _clean_naming(self, data: dict[str, Any]) -> None:
        """A name is shown only if there is one."""
        naming = data.get("naming") or Naming.ANONYMOUS
        if naming == Naming.ORGANISATION and data.get("who") == SELF:
            self.add_error("naming", _("Vous écrivez en votre nom : choisissez « mon nom » ou « sans nom »."))
        if naming == Naming.NAME and not data["author_name"] and "author_name" not in self.errors:
            self.add_error("author_name", _("Écrivez le nom à afficher, ou choisissez « sans nom »."))
        data["naming"] = Naming(naming)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts().items() if name not in {"who", "files"}}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code à six chiffres"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 8}),
        error_messages={"required": gettext_lazy("Écrivez les six chiffres du code.")},
    )

    def clean_code(self) -> str:
        digits = "".join(sign for sign in self.cleaned_data["code"] if not sign.isspace())
        if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):  # noqa: PLR2004
            raise forms.ValidationError(_("Le code a six chiffres : recopiez-le depuis le courriel."))
        return digits


class SupportForm(Sober):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Au nom de"), required=False, empty_label=gettext_lazy("En mon nom")
    )
    organisation_name = forms.CharField(
        label=gettext_lazy("Nom de l’organisme"),
        help_text=gettext_lazy("Vide : vous soutenez en votre nom, qui ne sera pas affiché."),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    author_email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        help_text=gettext_lazy("Jamais affichée. Nous y envoyons un code pour confirmer."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Indiquez votre adresse électronique : nous y enverrons un code."),
            "invalid": gettext_lazy("Écrivez une adresse entière, comme nom@exemple.fr."),
        },
    )

    def __init__(self, data: Any = None, *, organisations: Iterable[Any] = (), is_known: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        own = [row.pk for row in organisations]
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=own)
        if is_known:
            # They sign for an organisation whose mandate they hold, or for themselves.
            del self.fields["author_email"], self.fields["organisation_name"]
        if not own:
            del self.fields["organisation"]


class CorrectForm(WordsForm, SubjectForm):
    """By the tracking page."""

    field_order = ("nature", "title", "text", "territory", "commune", "commune_code", "theme", "second_theme", "audiences")

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        super().__init__(without_nul(data), *args, **options)


class ConsentForm(forms.Form):
    may_publish = forms.BooleanField(label=gettext_lazy("J’accepte que ma contribution soit publiée sur ce site"), required=False)
    naming = forms.ChoiceField(label=gettext_lazy("Sous quel nom ?"), choices=Naming.choices, widget=forms.RadioSelect)
    author_name = forms.CharField(label=gettext_lazy("Votre nom"), required=False, max_length=120)

    def __init__(self, data: Any = None, *, has_organisation: bool = False, **options: Any) -> None:
        super().__init__(without_nul(data), **options)
        if not has_organisation:
            self.fields["naming"].choices = [choice for choice in Naming.choices if choice[0] != Naming.ORGANISATION]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("naming") == Naming.NAME and not data.get("author_name", "").strip():
            self.add_error("author_name", _("Écrivez le nom à afficher, ou choisissez « sans nom »."))
        data["naming"] = Naming(data.get("naming") or Naming.ANONYMOUS)
        return data


class FileForm(forms.Form):
    files = FilesField(
        label=gettext_lazy("Joindre des fichiers"), help_text=WhoForm.base_fields["files"].help_text, required=False
    )


def initial_of(row: Contribution, *, chosen: bool = True) -> dict[str, Any]:
    """What the steps show of a row. `chosen`: whether an empty territory was an answer ("Je ne sais pas")."""
    unknown = UNKNOWN if chosen else ""
    body = row.organisation_id or row.organisation_name
    return {
        "nature": row.nature,
        "title": row.title,
        "text": row.text,
        "territory": row.territory.code if row.territory else unknown,
        "commune": row.commune,
        "commune_code": row.commune_id or "",
        "theme": row.theme.code if row.theme else "",
        "second_theme": row.second_theme.code if row.second_theme else "",
        "audiences": row.audiences,
        "who": BODY if body else SELF if row.author_email or row.author_name else "",
        "organisation": row.organisation_id or "",
        "organisation_name": row.organisation_name,
        "author_name": row.author_name,
        "author_email": row.author_email,
        "naming": row.naming,
        "may_publish": row.may_publish,
        "wants_news": row.wants_news,
    }
