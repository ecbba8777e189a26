"""What everybody may know of the process: chantiers and their commitments, organisations, dates, territories, themes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, Cooperation, Objective, PlannedDeliverable, Roadmap, Step
from dialogue.chantiers.stages import RoadmapStage
from dialogue.people.models import Organisation
from dialogue.people.stages import Circle
from dialogue.search.kinds.base import Kind, Telling, lines, moment
from dialogue.territories.models import CalendarDate, Territory, Theme
from dialogue.ui.dates import long_day

#: The acts that bring a frame in name nothing of it.
FRAME_ACTS = frozenset({"territories.load_frame"})


def _chantier(row: Chantier) -> Telling:
    places = ", ".join(territory.name for territory in row.territories.all())
    return Telling(
        title=row.title,
        text=lines(row.objective, row.deliverable, row.reason_text, f"{row.theme.name}, {places}"),
        path=reverse("chantiers:space", args=[row.slug]),
        path_outside=row.get_absolute_url(),
        # One that was never opened is the coordination's alone.
        circle=row.circle if row.was_opened else Circle.GROUP,
        at=moment(row.opened_on),
        chantier_id=row.pk,
    )


def _line(row: Any, text: str) -> Telling:
    roadmap: Roadmap = row.roadmap
    return Telling(
        title=row.title,
        text=text,
        path=reverse("chantiers:roadmap", args=[roadmap.chantier.slug]),
        path_outside=roadmap.chantier.get_absolute_url(),
        circle=roadmap.circle,
        at=moment(roadmap.adopted_on),
        chantier_id=roadmap.chantier_id,
    )


def _objective(row: Objective) -> Telling:
    reached = lines(row.start_value, row.target_value)
    return _line(row, lines(row.indicator, reached.replace("\n", " → "), row.measured_value))


def _dated(row: Any) -> Telling:
    return _line(row, long_day(row.due_on) if row.due_on else "")


def _lines(code: str, label: Any, model: Any, tell: Any) -> Kind:
    """A kind of line of the roadmap in force; drafts are read where they are written."""

    def rows() -> Any:
        return model.objects.filter(roadmap__stage=RoadmapStage.ADOPTED).select_related("roadmap__chantier")

    def readable(reader: Any) -> Any:
        return rows().select_related(None).filter(roadmap__in=Roadmap.objects.visible_to(reader))

    because = {"chantiers.chantier": "roadmap__chantier__in", "chantiers.roadmap": "roadmap__in"}
    return Kind(code, label, "feuilles-de-route", rows, tell, readable, because)


def _cooperation(row: Cooperation) -> Telling:
    names = ", ".join(organisation.name for organisation in row.organisations.all())
    return Telling(
        title=row.title,
        text=lines(row.description, names),
        path=reverse("chantiers:cooperations", args=[row.chantier.slug]),
        path_outside=row.chantier.get_absolute_url(),
        circle=row.circle,
        at=moment(row.since),
        chantier_id=row.chantier_id,
    )


def _organisation(row: Organisation) -> Telling:
    place = row.commune.name if row.commune else ""
    return Telling(
        title=row.name,
        text=lines(row.get_kind_display(), place),
        path=row.get_absolute_url(),
        territory_id=row.commune.territory_id if row.commune else None,
    )


def _date(row: CalendarDate) -> Telling:
    return Telling(
        title=row.title,
        text=lines(row.get_kind_display(), long_day(row.starts_on), row.place, row.description),
        path=reverse("portal:agenda"),
        circle=row.circle,
        at=moment(row.starts_on),
        territory_id=row.territory_id,
    )


def _territory(row: Territory) -> Telling:
    communes = ", ".join(commune.name for commune in row.communes.all())
    return Telling(title=row.name, text=lines(row.description, communes), path=row.get_absolute_url(), territory_id=row.pk)


def _theme(row: Theme) -> Telling:
    return Telling(title=row.name, text=lines(row.description, ", ".join(row.keywords)), path=row.get_absolute_url())


def _by_everybody(model: Any) -> Any:
    """The frame has no circle: whoever comes reads it."""

    def readable(reader: Any) -> Any:
        return model.objects.all()

    return readable


KINDS = [
    Kind(
        "chantier",
        _("Chantier"),
        "chantiers",
        rows=lambda: Chantier.objects.select_related("theme").prefetch_related("territories"),
        tell=_chantier,
        readable=Chantier.objects.visible_to,
        because={"territories.theme": "theme__in", "territories.territory": "territories__in"},
        wholesale=FRAME_ACTS,
    ),
    _lines("objective", _("Objectif"), Objective, _objective),
    _lines("deliverable", _("Livrable attendu"), PlannedDeliverable, _dated),
    _lines("step", _("Étape"), Step, _dated),
    Kind(
        "cooperation",
        _("Coopération"),
        "cooperations",
        rows=lambda: Cooperation.objects.select_related("chantier").prefetch_related("organisations"),
        tell=_cooperation,
        readable=Cooperation.objects.visible_to,
        because={"people.organisation": "organisations__in"},
    ),
    Kind(
        "organisation",
        _("Organisme"),
        "organismes",
        rows=lambda: Organisation.objects.validated().select_related("commune"),
        tell=_organisation,
        readable=lambda reader: Organisation.objects.visible_to(reader).validated(),
        wholesale=frozenset({"territories.move_commune"}),
    ),
    Kind(
        "date",
        _("Date"),
        "dates",
        rows=CalendarDate.objects.all,
        tell=_date,
        readable=CalendarDate.objects.visible_to,
        wholesale=FRAME_ACTS,
    ),
    Kind(
        "territory",
        _("Territoire"),
        "cadre",
        rows=lambda: Territory.objects.prefetch_related("communes"),
        tell=_territory,
        readable=_by_everybody(Territory),
        wholesale=FRAME_ACTS | {"territories.move_commune"},
    ),
    Kind(
        "theme",
        _("Thème"),
        "cadre",
        rows=Theme.objects.all,
        tell=_theme,
        readable=_by_everybody(Theme),
        wholesale=FRAME_ACTS,
    ),
]
