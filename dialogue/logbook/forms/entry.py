"""The short form of each nature: what is asked and nothing else; made for a phone."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.logbook.models import LogbookEntry
from dialogue.logbook.stages import EntryKind
from dialogue.people.models import Person

IMAGES = "image/jpeg,image/png,image/webp"
AUDIO = "audio/mpeg,audio/mp4,audio/x-m4a,.mp3,.m4a"
WORDS = ("text", "figure", "credit", "place", "alternative", "transcript", "consent", "consent_by", "may_name")
#: Nature → its fields, in order; then those that every nature has.
FIELDS: dict[str, tuple[str, ...]] = {
    EntryKind.PHOTO: ("file", "alternative", "text", "consent", "consent_by"),
    EntryKind.VERBATIM: ("text", "credit", "consent"),
    EntryKind.FIGURE: ("figure", "text", "credit"),
    EntryKind.STORY: ("text",),
    EntryKind.STEP: ("text",),
    EntryKind.SOUND: ("file", "text", "transcript", "credit", "consent", "consent_by"),
}
COMMON = ("on", "place", "may_name", "client_key")
TEXTS = {
    EntryKind.PHOTO: (_("Légende"), _("Ce que la photo ne dit pas toute seule."), False, 2),
    EntryKind.VERBATIM: (_("Ce qui a été dit, mot pour mot"), "", True, 3),
    EntryKind.FIGURE: (_("Ce qu’il compte"), _("Par exemple : cantines qui épluchent sur place."), True, 2),
    EntryKind.STORY: (_("Votre récit"), _("Écrivez comme vous parlez. Quelques lignes suffisent."), True, 8),
    EntryKind.STEP: (_("L’étape franchie, en une phrase"), "", True, 3),
    EntryKind.SOUND: (_("De quoi s’agit-il ?"), "", False, 2),
}
CREDITS = {
    EntryKind.VERBATIM: (
        _("Qui parle ? Un rôle plutôt qu’un nom"),
        _("« Une habitante », « un cuisinier », « le maire d’une commune »."),
    ),
    EntryKind.FIGURE: (_("D’où vient ce chiffre ?"), _("Relevé du groupe, étude, comptage…")),
    EntryKind.SOUND: (_("Qui entend-on ? Un rôle plutôt qu’un nom"), ""),
}
CONSENTS = {
    EntryKind.PHOTO: (
        _("Les personnes reconnaissables sont d’accord pour que la photo soit publiée"),
        _("Sans personne reconnaissable, cochez aussi : l’accord n’est alors demandé à personne."),
    ),
    EntryKind.VERBATIM: (_("La personne est d’accord pour être citée"), ""),
    EntryKind.SOUND: (_("Les personnes que l’on entend sont d’accord pour que le son soit publié"), ""),
}


class EntryForm(forms.Form):
    file = forms.FileField(error_messages={"required": _("Choisissez le fichier.")})
    alternative = forms.CharField(
        label=_("Ce que l’on voit, en une phrase"),
        max_length=300,
        help_text=_(
            "Pour les personnes qui ne voient pas la photo. Par exemple : trois femmes autour d’une table couverte de plans."
        ),
        error_messages={"required": _("Décrivez la photo en une phrase.")},
    )
    figure = forms.CharField(
        label=_("Le chiffre"), max_length=40, help_text="18, 42 %, 3 jours", error_messages={"required": _("Écrivez le chiffre.")}
    )
    text = forms.CharField(max_length=4000, widget=forms.Textarea, error_messages={"required": _("Écrivez quelques mots.")})
    transcript = forms.CharField(
        label=_("Ce que l’on entend, par écrit"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Pour les personnes qui n’entendent pas le son."),
        error_messages={"required": _("Écrivez ce que l’on entend.")},
    )
    credit = forms.CharField(max_length=200, error_messages={"required": _("Dites qui parle, par un rôle.")})
    consent = forms.BooleanField(error_messages={"required": _("Sans l’accord des personnes, rien ne peut être gardé.")})
    consent_by = forms.CharField(
        label=_("Qui a donné son accord ?"),
        max_length=300,
        help_text=_("Pour l’équipe du carnet seulement, jamais publié. « Personne de reconnaissable » suffit si c’est le cas."),
        error_messages={"required": _("Dites qui a donné son accord, ou « personne de reconnaissable ».")},
    )
    on = forms.DateField(label=_("Quand ?"), error_messages={"required": _("Indiquez le jour.")})
    place = forms.CharField(label=_("Où ?"), max_length=120, required=False)
    may_name = forms.BooleanField(
        label=_("Afficher mon nom si c’est publié"), required=False, help_text=_("Sinon, votre nom n’apparaîtra nulle part.")
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: str, with_file: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = EntryKind(kind)
        kept = (*FIELDS[self.kind], *COMMON)
        for name in set(self.fields) - set(kept):
            del self.fields[name]
        self.order_fields(kept)
        self._name_fields(with_file)

    def _name_fields(self, with_file: bool) -> None:
        """The words of each nature."""
        fields, kind = self.fields, self.kind
        label, help_text, required, rows = TEXTS[kind]
        fields["text"].label, fields["text"].help_text, fields["text"].required = label, help_text, required
        fields["text"].widget.attrs["rows"] = rows
        if "credit" in fields:
            fields["credit"].label, fields["credit"].help_text = CREDITS[kind]
            fields["credit"].required = kind == EntryKind.VERBATIM
        if "consent" in fields:
            fields["consent"].label, fields["consent"].help_text = CONSENTS[kind]
        if "file" in fields:
            is_photo = kind == EntryKind.PHOTO
            fields["file"].label = _("La photo") if is_photo else _("Le son, en MP3 ou M4A")
            fields["file"].help_text = (
                _("Le lieu et l’heure que l’appareil y a notés sont effacés.")
                if is_photo
                else _("Ce que l’appareil y a noté est effacé.")
            )
            fields["file"].widget.attrs["accept"] = IMAGES if is_photo else AUDIO
        if not with_file:
            for name in ("file", "consent", "consent_by", "client_key"):
                fields.pop(name, None)

    @classmethod
    def fresh(cls, kind: str, today: Any) -> EntryForm:
        """With the day and a key of its own: a form sent twice is written once."""
        return cls(kind=kind, initial={"on": today, "client_key": uuid.uuid4()})

    @classmethod
    def of(cls, entry: LogbookEntry, data: Any = None, *, is_author: bool) -> EntryForm:
        """To correct what was sent."""
        initial = {name: getattr(entry, name) for name in (*WORDS, "on")}
        form = cls(data, kind=entry.kind, with_file=False, initial=initial)
        if not is_author:
            form.fields.pop("may_name")
        return form

    def facts(self) -> dict[str, Any]:
        """What the act takes."""
        return {name: value for name, value in self.cleaned_data.items() if name in (*WORDS, "on", "file", "client_key")}


class TeamEntryForm(EntryForm):
    """The same for the carnet's own team, who says of which group it is, if of one."""

    chantier = forms.ModelChoiceField(
        label=_("Le chantier"), queryset=Chantier.objects.none(), required=False, empty_label=_("Aucun : de toute la démarche")
    )

    def __init__(self, *args: Any, chantiers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["chantier"] = copy.deepcopy(TeamEntryForm.base_fields["chantier"])
        self.fields["chantier"].queryset = chantiers
        self.fields.pop("client_key")
        self.fields.pop("may_name")


class RefuseForm(forms.Form):
    answer = forms.CharField(
        label=_("Un mot à son auteur"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Il le recevra par courriel. Dites pourquoi, et ce qui aurait sa place une autre fois."),
        error_messages={"required": _("Un mot à son auteur : dites pourquoi ce n’est pas retenu.")},
    )


class EditorForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse électronique de son compte"),
        error_messages={"required": _("Écrivez l’adresse électronique de la personne.")},
    )

    def clean_email(self) -> str:
        """The form then holds `person`."""
        address = self.cleaned_data["email"]
        self.person = Person.objects.active().filter(email__iexact=address).first()
        if self.person is None:
            raise forms.ValidationError(_("Aucun compte n’a cette adresse : la personne doit d’abord créer le sien."))
        return str(address)
