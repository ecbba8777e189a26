"""Forms of the membership: asking, inviting, entering, being replaced, leaving; the register of cooperations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, Cooperation, Member, Representative
from dialogue.chantiers.rules import members as rules
from dialogue.chantiers.stages import ORDINARY, Role
from dialogue.language.text import normalise
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.stages import AccountStage, Circle, Kind
from dialogue.territories.models import Territory, Theme
from dialogue.ui.forms import ManyRowsField

CHOOSE_ORGANISATION = _("Choisissez un organisme dans la liste.")
MAX_TEXT = 2000


def roles_for(person: Any, chantier: Chantier) -> list[tuple[str, Any]]:
    """The roles that this person may grant here."""
    roles = list(Role) if rules.may_name_officer(person, chantier) else ORDINARY
    return [(role.value, role.label) for role in roles]


def long_text(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Écrivez quelques mots."),
            "max_length": _("Raccourcissez ce texte : deux mille caractères au plus."),
        },
    )


def organisations_field(label: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Organisation.objects.validated(),
        label=label,
        empty_label=_("Choisir dans la liste"),
        error_messages={"required": CHOOSE_ORGANISATION, "invalid_choice": CHOOSE_ORGANISATION},
    )


def role_field(person: Any, chantier: Chantier) -> forms.TypedChoiceField:
    message = _("Choisissez un rôle dans la liste.")
    return forms.TypedChoiceField(
        label=_("Rôle dans le groupe"),
        choices=roles_for(person, chantier),
        coerce=Role,
        initial=Role.PARTNER,
        error_messages={"required": message, "invalid_choice": message},
    )


def speakers(today: Any) -> QuerySet[Mandate]:
    """Mandates in force of people with a validated account."""
    return Mandate.objects.open().on(today).filter(person__stage=AccountStage.VALIDATED, person__is_active=True)


def offered(by: Any, today: Any) -> QuerySet[Mandate]:
    """The mandates that `by` may find in a list: all of them for the coordination; for anybody else those of colleagues,
    and what the directory tells already (those who consented, their own groups). Other people are named by address."""
    if getattr(by, "is_coordination", False):
        return speakers(today)
    ours = Mandate.objects.on(today).filter(person_id=by.pk).values("organisation_id")
    told = Representative.objects.in_directory_for(by).filter(
        person=OuterRef("person"), member__organisation=OuterRef("organisation")
    )
    return speakers(today).filter(Q(organisation__in=ours) | Exists(told))


class SpeakerForm(forms.Form):
    """Somebody who speaks for an organisation: from the list of those whom one knows, or by their exact address."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Personne qui le représente"),
        required=False,
        empty_label=_("Je ne sais pas encore"),
        help_text=_("Les personnes de l’annuaire et vos collègues figurent ici."),
        error_messages={"invalid_choice": _("Choisissez une personne dans la liste.")},
    )
    email = forms.EmailField(
        label=_("Ou l’adresse électronique de son compte"),
        required=False,
        max_length=254,
        help_text=_("Pour une personne qui n’est pas dans la liste."),
        error_messages={"invalid": _("Indiquez une adresse électronique complète, par exemple nom@exemple.fr.")},
    )

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def offer(self, mandates: QuerySet[Mandate]) -> None:
        """Fills the list, each line with the organisations that the person speaks for."""
        field: Any = self.fields["person"]
        names: dict[int, list[str]] = {}
        for pk, person, organisation in mandates.values_list("person_id", "person__name", "organisation__name"):
            names.setdefault(pk, [person]).append(organisation)
        field.queryset = Person.objects.filter(pk__in=list(names))
        lines = [(pk, " · ".join(words)) for pk, words in names.items()]
        field.choices = [("", field.empty_label), *sorted(lines, key=lambda line: line[1])]

    def settle(self, data: dict[str, Any], organisation: Organisation | None) -> dict[str, Any]:
        """The address becomes its person. An address without an account and one that speaks for others answer alike."""
        email = data.pop("email", "")
        if email and data.get("person"):
            self.add_error("email", _("Choisissez une personne dans la liste, ou indiquez son adresse : pas les deux."))
        elif email and organisation is not None:
            found = speakers(self.today).filter(person__email=email.lower(), organisation=organisation).first()
            if found is None:
                self.add_error(
                    "email", _("Aucun compte validé ne parle pour cet organisme à cette adresse. Invitez plutôt la personne.")
                )
            else:
                data["person"] = found.person
        return data


class JoinForm(forms.Form):
    """Asking to join: an organisation of the list, or a new one; and why."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Votre organisme"),
        empty_label=_("Il n’est pas dans la liste"),
        help_text=_("Vous participez au nom d’un organisme : commune, association, service, entreprise, collectif d’habitants…"),
        error_messages={
            "required": _("Choisissez votre organisme dans la liste, ou indiquez son nom."),
            "invalid_choice": CHOOSE_ORGANISATION,
        },
    )
    new_name = forms.CharField(
        label=_("Nom de l’organisme, s’il n’est pas dans la liste"),
        required=False,
        max_length=160,
        error_messages={"max_length": _("Raccourcissez ce nom : cent soixante caractères au plus.")},
    )
    new_kind = forms.ChoiceField(
        label=_("Nature de cet organisme"),
        required=False,
        choices=[("", _("Choisir dans la liste")), *Kind.choices],
        error_messages={"invalid_choice": _("Choisissez une nature dans la liste.")},
    )
    motivation = long_text(
        _("En quoi ce sujet vous concerne-t-il ?"), required=False, help_text=_("Deux ou trois phrases suffisent.")
    )

    def __init__(self, *args: Any, person: Person, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Organisation.objects.visible_to(person).exclude(stage="merged")
        mine = list(known.filter(pk__in=Mandate.objects.on(today).filter(person=person).values("organisation_id")))
        field: Any = self.fields["organisation"]
        field.queryset = known
        field.required = not self.data.get("new_name", "").strip()
        others = [(row.pk, row.name) for row in known if row not in mine]
        groups: list[Any] = [("", field.empty_label)]
        if mine:
            groups.append((_("Vos organismes"), [(row.pk, row.name) for row in mine]))
            self.initial.setdefault("organisation", mine[0].pk)
        else:
            self._suggest(person.declared_organisation, known)
        field.choices = [*groups, (_("Autres organismes connus"), others)] if others else groups

    def _suggest(self, declared: str, known: QuerySet[Organisation]) -> None:
        """What a newcomer said at sign-up is not asked again: that organisation of the list, or its name as a new one."""
        same = next((row for row in known if normalise(row.name) == normalise(declared)), None) if declared else None
        if same:
            self.initial.setdefault("organisation", same.pk)
        elif declared:
            self.initial.setdefault("new_name", declared)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new_name") and data.get("organisation"):
            self.add_error("new_name", _("Laissez ce champ vide, ou choisissez « Il n’est pas dans la liste » plus haut."))
        elif data.get("new_name") and not data.get("new_kind"):
            self.add_error("new_kind", _("Choisissez la nature de l’organisme dans la liste."))
        return data


class AcceptForm(forms.Form):
    """The role given to the organisation; sponsor and lead are never given this way."""

    role = forms.TypedChoiceField(
        label=_("Rôle dans le groupe"),
        coerce=Role,
        choices=[(role.value, role.label) for role in (Role.PARTNER, Role.RESOURCE, Role.OBSERVER)],
        initial=Role.PARTNER,
        error_messages={"invalid_choice": _("Choisissez un rôle dans la liste.")},
    )


class RefuseForm(forms.Form):
    motive = long_text(_("Motif du refus"), required=True, help_text=_("La personne qui a fait la demande lira ce motif."))


class InviteForm(forms.Form):
    """An invitation by mail; the roles are those that the sender may grant."""

    organisation = organisations_field(_("Organisme invité"))
    email = forms.EmailField(
        label=_("Adresse électronique de la personne"),
        max_length=254,
        help_text=_("L’invitation ne vaut que pour cette adresse. Elle est oubliée après soixante jours."),
        error_messages={
            "required": _("Indiquez une adresse électronique."),
            "invalid": _("Indiquez une adresse électronique complète, par exemple nom@exemple.fr."),
        },
    )
    message = long_text(_("Votre message"), required=False, help_text=_("Il figure dans le courriel d’invitation."))

    def __init__(self, *args: Any, by: Any, chantier: Chantier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(by, chantier)
        self.order_fields(["organisation", "email", "role", "message"])


class AddMemberForm(SpeakerForm):
    """An organisation enters, for example because it committed itself at a territorial council."""

    organisation = organisations_field(_("Organisme"))
    committed_at_council = forms.BooleanField(label=_("Engagement pris en conseil de territoire"), required=False)

    def __init__(self, *args: Any, by: Any, chantier: Chantier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(by, chantier)
        self.order_fields(["organisation", "role", "person", "email", "committed_at_council"])
        self.offer(offered(by, self.today).filter(organisation__stage="validated"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return self.settle(data, data.get("organisation"))


class RoleForm(forms.Form):
    def __init__(self, *args: Any, by: Any, chantier: Chantier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(by, chantier)


class EndForm(forms.Form):
    """Why the organisation leaves: optional for its own representative, asked of anybody else."""

    motive = long_text(_("Motif"), required=True)

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motive"].required = not own
        self.fields["motive"].help_text = (
            _("Les personnes qui répondent du chantier liront ce motif.")
            if own
            else _("Les représentants de cet organisme liront ce motif.")
        )


class RepresentativeForm(SpeakerForm):
    """Who speaks for the organisation: one more person, or one in the place of another."""

    replaces = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("À la place de"),
        required=False,
        empty_label=_("Personne : elle s’ajoute"),
        error_messages={"invalid_choice": _("Choisissez une personne dans la liste.")},
    )

    def __init__(self, *args: Any, by: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = member.organisation
        person: Any = self.fields["person"]
        person.label, person.empty_label = _("Nouvelle personne"), _("Choisir dans la liste")
        seated = Person.objects.filter(representations__member=member, representations__until=None)
        colleagues = offered(by, self.today).filter(organisation=member.organisation)
        self.offer(colleagues.exclude(person__in=seated.values("pk")))
        replaces: Any = self.fields["replaces"]
        replaces.queryset = seated

    def clean(self) -> dict[str, Any]:
        data = self.settle(super().clean() or {}, self.organisation)
        if not data.get("person") and not self.errors:
            self.add_error("person", _("Choisissez une personne dans la liste, ou indiquez son adresse."))
        return data


class CooperationForm(forms.Form):
    """A new cooperation: who works with whom since when, and who may read it."""

    title = forms.CharField(
        label=_("La coopération, en une phrase"),
        max_length=160,
        help_text=_("Par exemple : deux communes partagent leur cuisine centrale."),
        error_messages={
            "required": _("Dites en une phrase qui coopère et pour quoi."),
            "max_length": _("Raccourcissez cette phrase : cent soixante caractères au plus."),
        },
    )
    description = long_text(_("Description"), required=False)
    organisations = ManyRowsField(
        Organisation.objects.none(),
        label=_("Organismes qui coopèrent"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez au moins deux organismes."),
            "invalid_choice": CHOOSE_ORGANISATION,
            "invalid_pk_value": CHOOSE_ORGANISATION,
        },
    )
    since = forms.DateField(
        label=_("Depuis le"),
        widget=forms.DateInput,
        error_messages={"required": _("Indiquez une date."), "invalid": _("Indiquez une date, par exemple 14/11/2017.")},
    )
    circle = forms.TypedChoiceField(
        label=_("Qui peut lire"),
        coerce=Circle,
        error_messages={"invalid_choice": _("Choisissez dans la liste qui peut lire.")},
    )

    def __init__(self, *args: Any, by: Any, chantier: Chantier, cooperation: Cooperation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        publishes = rules.may_publish_cooperation(by, chantier)
        circle: Any = self.fields["circle"]
        circle.choices = [(c.value, c.label) for c in Circle if publishes or c != Circle.PUBLIC]
        circle.initial = Circle.PARTNERS
        known = Organisation.objects.validated().filter(memberships__chantier=chantier)
        if cooperation is not None:
            known = known | Organisation.objects.filter(cooperations=cooperation)
        organisations: Any = self.fields["organisations"]
        organisations.queryset = Organisation.objects.filter(pk__in=known.values("pk"))

    @classmethod
    def of(cls, cooperation: Cooperation, *, by: Any) -> CooperationForm:
        """The form of an existing line, filled in."""
        values = {name: getattr(cooperation, name) for name in ("title", "description", "since", "circle")}
        values["organisations"] = list(cooperation.organisations.all())
        return cls(initial=values, by=by, chantier=cooperation.chantier, cooperation=cooperation)


class DirectoryForm(forms.Form):
    """Filters of the directory; what is not understood is ignored, as on every list."""

    q = forms.CharField(label=_("Nom, organisme ou chantier"), required=False, max_length=100)
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label=_("Territoire"), required=False, to_field_name="code", empty_label=_("Tous")
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(), label=_("Thème"), required=False, to_field_name="code", empty_label=_("Tous")
    )
    role = forms.ChoiceField(label=_("Rôle"), required=False, choices=[("", _("Tous")), *Role.choices])
