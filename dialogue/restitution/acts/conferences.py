"""The departmental conference, assembled from the points of the territories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.restitution import checks, content
from dialogue.restitution import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.restitution.acts import paths
from dialogue.restitution.letters import points as letters
from dialogue.restitution.models import Conference, ConferenceVersion
from dialogue.restitution.stages import PaperStage


@act("restitution.draft_conference", creates=True, record=("series",))
def draft_conference(thing: None, *, by: Any, now: datetime, series: int, introduction: str = "") -> Conference:
    """With the figures of the day. The one that exists already, if it does."""
    known = Conference.objects.filter(series=series).first()
    if known is not None:
        return known
    return Conference.objects.create(
        series=series,
        introduction=introduction,
        figures=content.figures(),
        gathered_at=now,
        drafted_at=now,
        drafted_by_id=by.pk,
    )


@act("restitution.edit_conference", come_from=[PaperStage.DRAFTING])
def edit_conference(conference: Conference, *, by: Any, now: datetime, revision: int, values: Mapping[str, str]) -> None:
    """Raises paths.Conflict when somebody saved since `revision` was read."""
    paths.save_texts(conference, by=by, now=now, revision=revision, values=values)


@act("restitution.refresh_figures", come_from=[PaperStage.DRAFTING])
def refresh_figures(conference: Conference, *, by: Any, now: datetime) -> None:
    Conference.objects.filter(pk=conference.pk).update(figures=content.figures(), gathered_at=now)
    paths.touch(conference, by=by, now=now)


@act(
    "restitution.freeze_conference",
    come_from=[PaperStage.DRAFTING],
    go_to=PaperStage.FROZEN,
    guards=[checks.conference_is_whole],
)
def freeze_conference(conference: Conference, *, by: Any, now: datetime, note: str = "") -> ConferenceVersion:
    """The points as they are published that day, and the figures: whole, and changed by nobody any more."""
    told = content.of_conference(conference, checks.published_points())
    version: ConferenceVersion = paths.freeze(conference, told, by=by, now=now, note=note)
    return version


@act("restitution.thaw_conference", come_from=[PaperStage.FROZEN], go_to=PaperStage.DRAFTING)
def thaw_conference(conference: Conference, *, by: Any, now: datetime) -> None:
    """Frozen too early: nobody outside the coordination has seen it."""


@act("restitution.publish_conference", come_from=[PaperStage.FROZEN])
def publish_conference(conference: Conference, *, by: Any, now: datetime) -> ConferenceVersion:
    """Readable by all; every partner is told with their digest."""
    version: ConferenceVersion = paths.publish(conference, now=now)
    letters.tell_conference(conference, version, by=by, now=now)
    return version


@act("restitution.correct_conference", come_from=[PaperStage.PUBLISHED], go_to=PaperStage.DRAFTING)
def correct_conference(conference: Conference, *, by: Any, now: datetime) -> None:
    """What is published stays readable until the correction replaces it."""


@act("restitution.give_up_conference", come_from=[PaperStage.DRAFTING, PaperStage.FROZEN])
def give_up_conference(conference: Conference, *, by: Any, now: datetime) -> None:
    """Texts and figures are again those of the version published last."""
    version = paths.published(conference)
    if version is None:
        raise Refused(_("Rien n’est publié encore : il n’y a rien à corriger."))
    Conference.objects.filter(pk=conference.pk).update(
        stage=PaperStage.PUBLISHED,
        introduction=version.content["introduction"],
        conclusion=version.content["conclusion"],
        figures=version.content["figures"],
        revision=F("revision") + 1,
        edited_by_id=by.pk,
        edited_at=now,
    )
    conference.refresh_from_db()


@act("restitution.discard_conference", come_from=[PaperStage.DRAFTING])
def discard_conference(conference: Conference, *, by: Any, now: datetime) -> None:
    """A draft that was never frozen goes; it can be drafted again from the data."""
    if conference.versions.exists():
        raise Refused(_("Ce document a déjà été figé : il reste dans les archives."))
    Conference.objects.filter(pk=conference.pk).delete()
