"""A deliverable is begun, written, submitted to the group, which agrees or asks for a change; then validated."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from dialogue.chantiers.acts.evaluation import hold, reopen_deliverable
from dialogue.chantiers.acts.guards import day_is_possible
from dialogue.chantiers.models import Chantier, PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage
from dialogue.deliverables import letters, lines
from dialogue.deliverables import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.deliverables.models import Deliverable, Opinion
from dialogue.deliverables.stages import CLOSED, UNDER_WAY, Access, Finding, Stage, Verdict
from dialogue.discussion.acts import organisation_for
from dialogue.documents.acts import add_document, add_version
from dialogue.documents.models import Version
from dialogue.documents.stages import Nature, Scan
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.people.circles import within
from dialogue.people.stages import Circle

#: Days that the group has to answer, unless said otherwise; the least and the most.
DAYS = 7
#: How many times the next number is asked for, when other groups begin at the same moment.
ATTEMPTS = 5
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=60)


def new_row(chantier: Chantier, *, by: Any, now: datetime, title: str, **fields: Any) -> Deliverable:
    """A deliverable in progress, with the next number. Raises Refused when someone was faster."""
    title = " ".join(title.split())[:300]
    if not title:
        raise Refused(_("Donnez un titre au livrable."))
    facts = {"begun_by_id": by.pk, "begun_at": now, "changed_at": now}
    for _attempt in range(ATTEMPTS):
        last = Deliverable.objects.aggregate(last=Max("number"))["last"] or 0
        try:
            with transaction.atomic():
                return Deliverable.objects.create(number=last + 1, chantier=chantier, title=title, **facts, **fields)
        except IntegrityError:
            if Deliverable.objects.filter(chantier=chantier, key=fields["key"], version=fields.get("version", 1)).exists():
                break  # else the number was taken by another group: the next one
    raise Refused(_("Quelqu’un vient de commencer ce livrable : relisez la page."))


def change(deliverable: Deliverable, *, now: datetime, **fields: Any) -> None:
    """Writes these columns in one UPDATE: the database wants a stage and what goes with it together."""
    Deliverable.objects.filter(pk=deliverable.pk).update(changed_at=now, **fields)
    deliverable.refresh_from_db(fields=["changed_at", *fields])


@act("deliverables.start_deliverable", creates=True)
def start_deliverable(
    chantier: Chantier, *, by: Any, now: datetime, line: PlannedDeliverable | None = None, title: str = ""
) -> Deliverable:
    """The first act on a line of the roadmap in force (its title is taken), or on a result that no line announced.

    A line that was given up before this room kept it is to be done again. Raises Refused when it was begun already.
    """
    hold(chantier, lines.LIVELY)
    if line is None:
        return new_row(chantier, by=by, now=now, title=title, key=uuid4())
    if line.roadmap.stage != RoadmapStage.ADOPTED or line.roadmap.chantier_id != chantier.pk:
        raise Refused(_("Ce livrable n’est pas dans la feuille de route en vigueur."))
    if Deliverable.objects.filter(chantier=chantier, key=line.key).exists():
        raise Refused(_("Ce livrable est déjà commencé : relisez la page."))
    if line.abandon_motive:
        reopen_deliverable(line, by=by, now=now)
    return new_row(chantier, by=by, now=now, title=line.title, key=line.key)


@act("deliverables.describe", come_from=[Stage.IN_PROGRESS])
def describe(
    deliverable: Deliverable, *, by: Any, now: datetime, revision: int, title: str, summary: str = "", full_text: str = ""
) -> None:
    """Its words. `revision`: of the text that was corrected; Refused when someone else wrote meanwhile."""
    title = " ".join(title.split())[:300]
    if not title:
        raise Refused(_("Donnez un titre au livrable."))
    if deliverable.revision != revision:
        raise Refused(_("Quelqu’un a écrit entre-temps. Son texte est sous le vôtre : réunissez-les, puis enregistrez."))
    words = {"title": title, "summary": summary.strip()[:4000], "full_text": full_text.strip()[:200_000]}
    change(deliverable, now=now, revision=revision + 1, **words)


@act("deliverables.attach_file", come_from=UNDER_WAY, record=("accessible", "finding"))
def attach_file(
    deliverable: Deliverable,
    *,
    by: Any,
    now: datetime,
    finding: Finding,
    file: Any = None,
    version: Version | None = None,
    accessible: bool = False,
) -> None:
    """The main file, or the accessible version: `file` (open, with a `name`), or a `version` that the group has already.

    A file becomes a document of the group, in the folder of deliverables. Files change while the deliverable is in progress
    alone: what the group agreed to is what is published (see replace_accessible). `finding`: see checking.look.
    """
    if deliverable.stage != Stage.IN_PROGRESS:
        raise Refused(_("Le fichier ne change plus : remettez d’abord le livrable au travail."))
    hold(deliverable.chantier, lines.LIVELY)
    version = version or _kept(deliverable, file, accessible=accessible, by=by, now=now)
    _can_serve(deliverable, version)
    if accessible:
        change(deliverable, now=now, accessible_file=version, accessible_finding=finding)
    else:
        change(deliverable, now=now, file=version, file_finding=finding, **_without_former_twin(deliverable))


def _without_former_twin(deliverable: Deliverable) -> dict[str, Any]:
    """The accessible version of the former text does not say the new one."""
    before = deliverable.replaces
    if before is None or not before.accessible_file_id or before.accessible_file_id != deliverable.accessible_file_id:
        return {}
    nothing: dict[str, Any] = {"accessible_file": None, "accessible_finding": ""}
    return nothing | ({"access": ""} if deliverable.access == Access.VERSION else {})


@act("deliverables.replace_accessible", come_from=[Stage.SUBMITTED, Stage.VALIDATED, Stage.PUBLISHED], record=("finding",))
def replace_accessible(
    deliverable: Deliverable, *, by: Any, now: datetime, finding: Finding, file: Any = None, version: Version | None = None
) -> None:
    """The accessible version, once the file of the deliverable no longer changes: it says the same, in another form.

    Nobody is asked again, and whoever reads the deliverable reads it at once. So a `version` is taken only from a document that
    these readers have already, and nothing with a known obstacle where the publication counts on it.
    """
    hold(deliverable.chantier, lines.LIVELY)
    if deliverable.access == Access.VERSION and finding in CLOSED:
        raise Refused(_("La version accessible ne l’est pas : %(finding)s.") % {"finding": Finding(finding).label})
    if version is not None and version.document.circle not in circles_that_serve(deliverable):
        raise Refused(_("Tous ceux qui lisent le livrable ne lisent pas ce document : déposez le fichier lui-même."))
    version = version or _kept(deliverable, file, accessible=True, by=by, now=now)
    _can_serve(deliverable, version)
    change(deliverable, now=now, accessible_file=version, accessible_finding=finding)


def circles_that_serve(deliverable: Deliverable) -> list[Circle]:
    """The circles of the documents that all those who read the deliverable, or will once it is published, read already."""
    readers = deliverable.circle if deliverable.is_out else deliverable.chantier.circle
    return [circle for circle in (Circle.PARTNERS, Circle.PUBLIC) if readers in within(circle)]


def _can_serve(deliverable: Deliverable, version: Version) -> None:
    if version.document.chantier_id != deliverable.chantier_id or version.scan == Scan.INFECTED:
        raise Refused(_("Ce fichier ne peut pas servir : choisissez-en un autre."))


def _kept(deliverable: Deliverable, file: Any, *, accessible: bool, by: Any, now: datetime) -> Version:
    """The version that holds these bytes: the one that the group has already, a new one of the document in place, or a new
    document. A document that others read is left alone: nobody reads before the group has agreed."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    same = Version.objects.filter(document__chantier=deliverable.chantier_id, document__withdrawn_at=None, sha256=digest)
    if known := same.select_related("document").order_by("-pk").first():
        return known
    current = deliverable.accessible_file if accessible else deliverable.file
    if current and current.document.withdrawn_at is None and current.document.circle == Circle.GROUP:
        added: Version = add_version(current.document, by=by, now=now, file=file)
        return added
    title = _("%(title)s (version accessible)") % {"title": deliverable.title[:170]} if accessible else deliverable.title[:200]
    document = add_document(deliverable.chantier, by=by, now=now, file=file, nature=Nature.DELIVERABLE, title=title)
    return Version.objects.select_related("document").get(document=document)


def says_something(deliverable: Deliverable, *, by: Any, now: datetime) -> str | None:
    if deliverable.file_id or deliverable.full_text.strip():
        return None
    return _("Déposez le fichier du livrable, ou écrivez son texte.")


def files_are_sound(deliverable: Deliverable, *, by: Any, now: datetime) -> str | None:
    for version in (deliverable.file, deliverable.accessible_file):
        if version is not None and version.scan == Scan.INFECTED:
            return _("L’antivirus a refusé le fichier « %(name)s » : remplacez-le.") % {"name": version.filename}
    return None


@act("deliverables.submit", come_from=[Stage.IN_PROGRESS], guards=[says_something, files_are_sound], record=("deadline",))
def submit(deliverable: Deliverable, *, by: Any, now: datetime, deadline: datetime | None = None) -> None:
    """The group has until the deadline (7 days unless said otherwise) to ask for a change; silence is agreement. Whoever
    submits it agrees to it."""
    deadline = deadline or now + timedelta(days=DAYS)
    if not now + SHORTEST <= deadline <= now + LONGEST:
        raise Refused(_("L’échéance est dans une heure au moins, deux mois au plus."))
    hold(deliverable.chantier, lines.LIVELY)
    change(
        deliverable,
        now=now,
        stage=Stage.SUBMITTED,
        deadline=deadline,
        submitted_at=now,
        round=F("round") + 1,
    )
    if agree.allows(by, deliverable):
        _say(deliverable, by, Verdict.AGREES, now=now)
    letters.tell_submitted(deliverable, by=by, now=now)


@act("deliverables.take_back", come_from=[Stage.SUBMITTED], go_to=Stage.IN_PROGRESS)
def take_back(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """Submitted too early: the group is told that nothing is asked of it any more."""
    letters.tell_group("taken_back", deliverable, by=by, now=now)


def _say(deliverable: Deliverable, by: Any, verdict: Verdict, *, now: datetime, reason: str = "") -> None:
    """The last word of a person counts, until the deliverable leaves the group's hands."""
    said = {"verdict": verdict, "reason": reason, "at": now, "organisation": organisation_for(by, deliverable.chantier)}
    Opinion.objects.update_or_create(deliverable=deliverable, round=deliverable.round, person_id=by.pk, defaults=said)


@act("deliverables.agree", come_from=[Stage.SUBMITTED])
def agree(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """« D’accord. »"""
    _say(deliverable, by, Verdict.AGREES, now=now)


@act("deliverables.ask_change", come_from=[Stage.SUBMITTED])
def ask_change(deliverable: Deliverable, *, by: Any, now: datetime, reason: str) -> None:
    """One request sends it back to work; everyone reads why."""
    if not reason.strip():
        raise Refused(_("Dites ce qui est à changer, et pourquoi."))
    _say(deliverable, by, Verdict.CHANGE, now=now, reason=reason.strip()[:4000])
    change(deliverable, now=now, stage=Stage.IN_PROGRESS)
    letters.tell_change_asked(deliverable, by=by, now=now, reason=reason.strip())


def group_has_spoken(deliverable: Deliverable, *, by: Any, now: datetime) -> str | None:
    """The deadline has passed, or every organisation has agreed."""
    if deliverable.deadline is None or deliverable.deadline <= now:
        return None
    count = len(lines.not_heard(deliverable))
    if not count:
        return None
    if count == 1:
        return _("Un organisme ne s’est pas encore prononcé, et l’échéance n’est pas passée.")
    return _("%(n)d organismes ne se sont pas encore prononcés, et l’échéance n’est pas passée.") % {"n": count}


@act("deliverables.validate", come_from=[Stage.SUBMITTED], guards=[group_has_spoken, files_are_sound])
def validate(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """By the sponsor or the lead; by the platform when nobody asked for a change before the deadline (silence is agreement)."""
    silence = bool(getattr(by, "is_system", False))
    change(deliverable, now=now, stage=Stage.VALIDATED, validated_at=now, validated_by_silence=silence)
    letters.tell_validated(deliverable, by=by, now=now)


@act(
    "deliverables.validate_at_meeting",
    come_from=[Stage.IN_PROGRESS, Stage.SUBMITTED],
    guards=[says_something, files_are_sound],
    record=("meeting_number", "meeting_on"),
)
def validate_at_meeting(deliverable: Deliverable, *, by: Any, now: datetime, meeting_number: int, meeting_on: date) -> None:
    """The group agreed to it in session. Raises Refused for a day that is not possible."""
    if problem := day_is_possible(meeting_on, now=now, chantier=deliverable.chantier):
        raise Refused(problem)
    hold(deliverable.chantier, lines.LIVELY)
    meeting = {"meeting_number": meeting_number, "meeting_on": meeting_on}
    change(deliverable, now=now, stage=Stage.VALIDATED, validated_at=now, validated_by_silence=False, **meeting)
    letters.tell_validated(deliverable, by=by, now=now)


@act("deliverables.rework", come_from=[Stage.VALIDATED], go_to=Stage.IN_PROGRESS)
def rework(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """Back to work after all, as long as it is not published; the group will be asked again."""
    nothing = {"validated_at": None, "validated_by_silence": False, "meeting_number": None, "meeting_on": None}
    change(deliverable, now=now, **nothing)
    letters.tell_group("reworked", deliverable, by=by, now=now)


@act("deliverables.move_organisation")
def move_organisation(into: Any, *, by: Any, now: datetime, source: Any) -> None:
    """A merged organisation has spoken under its new name."""
    Opinion.objects.filter(organisation=source).update(organisation=into)


def on_merge(source: Any, into: Any, *, by: Any, now: datetime) -> None:
    """people.hooks.on_merge"""
    move_organisation(into, by=SYSTEM, now=now, source=source)
