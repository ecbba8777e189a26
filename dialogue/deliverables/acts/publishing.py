"""A deliverable is published, replaced by a new version, shown to a circle, given up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.acts.evaluation import give_up_deliverable, hold, publish_deliverable, reopen_deliverable
from dialogue.chantiers.acts.guards import day_is_possible
from dialogue.chantiers.tasks_choosing import news
from dialogue.deliverables import letters, lines, tasks_telling
from dialogue.deliverables import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.deliverables.acts.preparing import change, files_are_sound, new_row
from dialogue.deliverables.models import Deliverable, DeliverableQuerySet
from dialogue.deliverables.stages import CLOSED, OUT, UNDER_WAY, Access, Licence, Stage
from dialogue.fulltext.stems import joined, stems_of
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.mailer import outbox
from dialogue.people.circles import within
from dialogue.people.stages import Circle


def obstacle_to(deliverable: Deliverable, access: str, full_text: str) -> str | None:
    """Why everyone could not read it by this way, in a sentence; None when nothing speaks against it."""
    if access == Access.TEXT:
        return None if full_text.strip() else _("Écrivez le texte complet.")
    if access == Access.VERSION:
        if deliverable.accessible_file_id is None:
            return _("Joignez d’abord la version accessible.")
        seen, words = deliverable.accessible_finding, deliverable.get_accessible_finding_display()
        return _("La version accessible ne l’est pas : %(finding)s.") % {"finding": words} if seen in CLOSED else None
    if deliverable.file_id is None:
        return _("Aucun fichier n’est déposé : écrivez le texte complet.")
    seen, words = deliverable.file_finding, deliverable.get_file_finding_display()
    way = _("Joignez une version accessible, ou écrivez le texte complet.")
    return (
        _("Ce fichier ne peut pas être dit accessible : %(finding)s.") % {"finding": words} + f" {way}"
        if seen in CLOSED
        else None
    )


def _checked(deliverable: Deliverable, *, now: datetime, said: dict[str, Any]) -> dict[str, Any]:
    """What a publication asks for, whole. Raises Refused with every sentence at once."""
    said = said | {"title": " ".join(said["title"].split())[:300], "summary": said["summary"].strip()[:4000]}
    typed = said["full_text"].strip()[:200_000]
    said |= {"full_text": deliverable.full_text or typed, "licence_reason": said["licence_reason"].strip()[:500]}
    if said["licence"] != Licence.RESERVED:
        said["licence_reason"] = ""
    problems = [
        _("Donnez un titre au livrable.") if not said["title"] else None,
        _("Écrivez un résumé : quelques phrases que tout le monde comprend.") if not said["summary"] else None,
        _("Dites pourquoi tous les droits sont réservés.")
        if said["licence"] == Licence.RESERVED and not said["licence_reason"]
        else None,
        _words_of_the_group(deliverable, typed),
        obstacle_to(deliverable, said["access"], said["full_text"]),
        _within(deliverable, said["circle"]),
        day_is_possible(said["published_on"], now=now, chantier=deliverable.chantier),
    ]
    if found := [problem for problem in problems if problem]:
        raise Refused(*found)
    return said


def _words_of_the_group(deliverable: Deliverable, typed: str) -> str | None:
    """What the group agreed to is what is published: a text is added at the publication only where there was none."""
    if not typed or not deliverable.full_text or typed == deliverable.full_text.strip():
        return None
    return _("Le groupe a validé le texte complet : pour le changer, remettez d’abord le livrable au travail.")


def _within(deliverable: Deliverable, circle: str) -> str | None:
    if circle == Circle.GROUP:
        return _("Un livrable publié se lit par tous les partenaires au moins.")
    return None if circle in within(deliverable.chantier.circle) else _("Le chantier lui-même n’est pas public.")


@act(
    "deliverables.publish",
    come_from=[Stage.VALIDATED],
    guards=[files_are_sound],
    record=("licence", "access", "circle", "published_on"),
)
def publish(
    deliverable: Deliverable,
    *,
    by: Any,
    now: datetime,
    title: str,
    summary: str,
    access: Access,
    licence: Licence = Licence.OPEN,
    licence_reason: str = "",
    full_text: str = "",
    circle: Circle | None = None,
    published_on: date | None = None,
) -> None:
    """It becomes readable by `circle` (the chantier's own unless said otherwise). Its line of the roadmap is settled with it; the
    version that it replaces stays readable, with a notice, by those who read this one at most. `full_text`: only where the group
    validated none. Group, followers, all partners and the authors of the contributions are told."""
    hold(deliverable.chantier, lines.LIVELY)
    said = _checked(
        deliverable,
        now=now,
        said={
            "title": title,
            "summary": summary,
            "access": access,
            "licence": licence,
            "licence_reason": licence_reason,
            "full_text": full_text,
            "circle": circle or deliverable.chantier.circle,
            "published_on": published_on or local_date(now),
        },
    )
    change(deliverable, now=now, stage=Stage.PUBLISHED, published_at=now, stems=_stems(deliverable, said), **said)
    _settle(deliverable, by=by, now=now)
    letters.tell_published(deliverable, by=by, now=now)
    if outbox.is_writing():
        tasks_telling.tell_partners.enqueue(deliverable.pk, now.isoformat(), by.pk)


def _stems(deliverable: Deliverable, said: dict[str, Any]) -> str:
    return joined(*(stems_of(text) for text in (said["title"], said["summary"], said["full_text"], deliverable.chantier.title)))


def _settle(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """What a publication changes around it: the line of the roadmap, the former version, the authors who are told once."""
    assert deliverable.published_on is not None  # noqa: S101  just written
    line = lines.line_of(deliverable)
    if line is not None and not line.is_settled:
        publish_deliverable(line, by=by, now=now, published_on=deliverable.published_on)
    if deliverable.replaces is not None and deliverable.replaces.stage == Stage.PUBLISHED:
        supersede(deliverable.replaces, by=by, now=now)
    if deliverable.circle != Circle.PUBLIC:
        # What is reserved today is not found in the version of yesterday.
        versions_out(deliverable).filter(circle=Circle.PUBLIC).update(circle=deliverable.circle, changed_at=now)
    if deliverable.version == 1:
        news(letters.RESULT, deliverable.chantier, now, about=deliverable.pk)


@act("deliverables.supersede", come_from=[Stage.PUBLISHED], go_to=Stage.SUPERSEDED)
def supersede(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """A new version is out. This one stays where it is, and says so."""
    Deliverable.objects.filter(pk=deliverable.pk).update(changed_at=now)


@act("deliverables.start_version", come_from=[Stage.PUBLISHED], creates=True)
def start_version(deliverable: Deliverable, *, by: Any, now: datetime) -> Deliverable:
    """The next version, begun from this one, which stays published meanwhile. Raises Refused when it was begun already."""
    hold(deliverable.chantier, lines.LIVELY)
    kept = (
        "title", "summary", "full_text", "file", "file_finding", "accessible_file", "accessible_finding", "licence",
        "licence_reason", "access", "key",
    )  # fmt: skip
    words = {name: getattr(deliverable, name) for name in kept}
    return new_row(deliverable.chantier, by=by, now=now, version=deliverable.version + 1, replaces=deliverable, **words)


def is_a_version_of_nobody_s(deliverable: Deliverable, *, by: Any, now: datetime) -> str | None:
    if deliverable.replaces_id is None:
        return _("C’est la première version de ce livrable : abandonnez-le plutôt, en disant pourquoi.")
    return _("Des membres se sont prononcés : abandonnez-la plutôt, en disant pourquoi.") if deliverable.opinions.exists() else None


@act("deliverables.drop_version", come_from=[Stage.IN_PROGRESS], guards=[is_a_version_of_nobody_s])
def drop_version(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """A new version that was begun by mistake goes; the published one is as if nothing had been begun."""
    Deliverable.objects.filter(pk=deliverable.pk).delete()


@act("deliverables.give_up", come_from=UNDER_WAY)
def give_up(deliverable: Deliverable, *, by: Any, now: datetime, motive: str) -> None:
    """A promise that will not be kept, and why. Of a second version, the first one stays published."""
    motive = motive.strip()[:1000]
    if not motive:
        raise Refused(_("Écrivez pourquoi ce livrable est abandonné."))
    change(deliverable, now=now, stage=Stage.ABANDONED, abandon_motive=motive)
    line = lines.line_of(deliverable)
    if line is not None and not line.is_settled:
        give_up_deliverable(line, by=by, now=now, motive=motive)
    letters.tell_group("given_up", deliverable, by=by, now=now)


@act("deliverables.resume", come_from=[Stage.ABANDONED])
def resume(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """To be done after all, while the chantier is at work."""
    hold(deliverable.chantier, lines.LIVELY)
    nothing = {"validated_at": None, "validated_by_silence": False, "meeting_number": None, "meeting_on": None}
    change(deliverable, now=now, stage=Stage.IN_PROGRESS, abandon_motive="", **nothing)
    line = lines.line_of(deliverable)
    if line is not None and line.abandon_motive:
        reopen_deliverable(line, by=by, now=now)
    letters.tell_group("resumed", deliverable, by=by, now=now)


@act("deliverables.change_circle", come_from=OUT, record=("circle",))
def change_circle(deliverable: Deliverable, *, by: Any, now: datetime, circle: Circle) -> None:
    """Who may read it from now on, in all the versions that were published, within the chantier's own circle; never the group
    alone: the partners know the results."""
    if problem := _within(deliverable, circle):
        raise Refused(problem)
    versions_out(deliverable).exclude(circle=circle).update(circle=circle, changed_at=now)
    deliverable.refresh_from_db(fields=["circle", "changed_at"])


def versions_out(deliverable: Deliverable) -> DeliverableQuerySet:
    """All that was published of this deliverable, former versions included."""
    return Deliverable.objects.out().filter(chantier=deliverable.chantier_id, key=deliverable.key)
