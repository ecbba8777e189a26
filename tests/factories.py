"""Plain factories, one per model: what is not said is plausible and valid. They write rows, not through acts."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from dialogue.chantiers.models import (
    Candidate,
    Chantier,
    Invitation,
    JoinRequest,
    Member,
    Objective,
    PlannedDeliverable,
    Representative,
    Roadmap,
    Step,
    WeatherReport,
)
from dialogue.chantiers.stages import Reason, RoadmapStage, Role, Stage, Weather
from dialogue.contributions.acts.rows import index
from dialogue.contributions.importing.tables import understand
from dialogue.contributions.models import AnalysisRun, AnswerTemplate, Campaign, Cluster, Contribution, ImportBatch, Pair
from dialogue.discussion.models import Comment, Thread
from dialogue.documents.models import Document, Version, Words
from dialogue.documents.stages import Nature, Reading, Scan
from dialogue.meetings.models import Meeting
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.stages import AccountStage, Kind, Office, OrganisationStage
from dialogue.territories.models import CalendarDate, Commune, Department, Priority, Territory, Theme
from dialogue.territories.stages import DateKind

#: The moment at which tests happen: Monday 6 November 2017, 10 h in Paris.
NOW = datetime(2017, 11, 6, 9, 0, tzinfo=UTC)
TODAY = date(2017, 11, 6)
count = itertools.count(1)


def make_department(**fields: Any) -> Department:
    return Department.objects.create(
        **{"code": "33", "name": "Gironde", "contact_service": "Mission dialogue", "contact_email": "contact@gironde.example"}
        | fields
    )


def make_territory(**fields: Any) -> Territory:
    n = next(count)
    name = fields.pop("name", f"Territoire {n}")
    small = n % 30_000  # what the column holds, however many tests ran before
    facts = {"code": f"territoire-{n}", "name": name, "short_name": name[:40], "order": small, "tile_row": small, "tile_column": 1}
    return Territory.objects.create(**facts | fields)


def make_commune(**fields: Any) -> Commune:
    n = next(count)
    fields.setdefault("territory", None)
    territory = fields.pop("territory") or make_territory()
    return Commune.objects.create(
        **{"insee_code": f"{33000 + n % 999:05d}", "name": f"Commune {n}", "population": 1200, "territory": territory} | fields
    )


def make_theme(**fields: Any) -> Theme:
    n = next(count)
    name = fields.pop("name", f"Thème {n}")
    return Theme.objects.create(**{"code": f"theme-{n}", "name": name, "short_name": name[:40], "order": n % 30_000} | fields)


def make_date(**fields: Any) -> CalendarDate:
    return CalendarDate.objects.create(
        **{"kind": DateKind.COUNCIL, "series": 6, "title": "Conseil de territoire n° 6", "starts_on": TODAY} | fields
    )


def make_person(**fields: Any) -> Person:
    """A validated partner, unless said otherwise."""
    n = next(count)
    fields = {"name": f"Personne {n}", "stage": AccountStage.VALIDATED} | fields
    return Person.objects.create_user(
        fields.pop("email", f"personne{n}@partenaire.example"), fields.pop("password", None), **fields
    )


def make_newcomer(**fields: Any) -> Person:
    return make_person(**{"stage": AccountStage.PENDING} | fields)


def make_coordinator(**fields: Any) -> Person:
    return make_person(**{"office": Office.COORDINATION, "name": f"Coordination {next(count)}"} | fields)


def make_secretary(**fields: Any) -> Person:
    return make_person(**{"office": Office.ASSEMBLY} | fields)


def make_organisation(**fields: Any) -> Organisation:
    return Organisation.objects.create(
        **{"name": f"Association {next(count)}", "kind": Kind.ASSOCIATION, "stage": OrganisationStage.VALIDATED} | fields
    )


def make_mandate(**fields: Any) -> Mandate:
    fields.setdefault("person", None)
    fields["person"] = fields["person"] or make_person()
    return Mandate.objects.create(
        **{"organisation": fields.pop("organisation", None) or make_organisation(), "since": date(2017, 1, 1)} | fields
    )


def make_chantier(**fields: Any) -> Chantier:
    n = next(count)
    territories = fields.pop("territories", None) or [make_territory()]
    fields = {"stage": Stage.OPEN, "opened_on": date(2017, 3, 20)} | fields
    chantier = Chantier.objects.create(
        **{
            # Far from the numbers that tests choose.
            "number": 1000 + n,
            "slug": f"chantier-{n}",
            "title": f"Chantier {n}",
            "theme": fields.pop("theme", None) or make_theme(),
            "reason": Reason.MANY,
            "reason_text": "Quarante contributions en parlent.",
            "objective": "Approvisionner trois cantines en circuit court.",
            "deliverable": "Un schéma d’approvisionnement.",
        }
        | fields
    )
    chantier.territories.set(territories)
    Chantier.objects.filter(pk=chantier.pk).update(search_text=chantier.index_text())
    chantier.refresh_from_db()
    return chantier


def make_member(chantier: Chantier, *, role: str = Role.PARTNER, person: Person | None = None, **fields: Any) -> Representative:
    """An organisation that joined, and the person who speaks for it; returns the Representative."""
    organisation = fields.pop("organisation", None) or make_organisation()
    person = person or make_person()
    since = fields.pop("since", date(2017, 4, 1))
    Mandate.objects.get_or_create(person=person, organisation=organisation, until=None, defaults={"since": since})
    member, _made = Member.objects.get_or_create(
        chantier=chantier, organisation=organisation, role=role, until=None, defaults={"since": since} | fields
    )
    return Representative.objects.create(member=member, person=person, since=since)


def make_request(chantier: Chantier, **fields: Any) -> JoinRequest:
    mandate = make_mandate() if "person" not in fields else None
    if mandate:
        fields |= {"person": mandate.person, "organisation": mandate.organisation}
    fields.setdefault("organisation", None)
    fields["organisation"] = fields["organisation"] or make_organisation()
    return JoinRequest.objects.create(
        **{"chantier": chantier, "motivation": "Nous livrons deux écoles.", "sent_at": NOW} | fields
    )


def make_invitation(chantier: Chantier, **fields: Any) -> Invitation:
    n = next(count)
    return Invitation.objects.create(
        **{
            "chantier": chantier,
            "organisation": fields.pop("organisation", None) or make_organisation(),
            "email": f"invite{n}@partenaire.example",
            "token_hash": f"{n:064d}",
            "expires_at": datetime.now(UTC) + timedelta(days=60),
            "sent_at": NOW,
            "sent_by": fields.pop("sent_by", None) or make_coordinator(),
        }
        | fields
    )


def make_roadmap(chantier: Chantier, **fields: Any) -> Roadmap:
    """A draft, unless `stage` says otherwise."""
    stage = fields.get("stage", RoadmapStage.DRAFT)
    adopted = (
        {} if stage == RoadmapStage.DRAFT else {"adopted_on": date(2017, 6, 1), "adopted_at_meeting": 1, "circle": "partners"}
    )
    return Roadmap.objects.create(**{"chantier": chantier, "version": 1} | adopted | fields)


def make_objective(roadmap: Roadmap, **fields: Any) -> Objective:
    return Objective.objects.create(**{"roadmap": roadmap, "title": "Trois cantines approvisionnées"} | fields)


def make_deliverable(roadmap: Roadmap, **fields: Any) -> PlannedDeliverable:
    return PlannedDeliverable.objects.create(**{"roadmap": roadmap, "title": "Schéma d’approvisionnement"} | fields)


def make_step(roadmap: Roadmap, **fields: Any) -> Step:
    return Step.objects.create(**{"roadmap": roadmap, "title": "Recenser les cantines", "due_on": date(2017, 12, 1)} | fields)


def make_weather(chantier: Chantier, **fields: Any) -> WeatherReport:
    return WeatherReport.objects.create(
        **{"chantier": chantier, "weather": Weather.CLEAR, "at": NOW, "by": fields.pop("by", None) or make_person()} | fields
    )


def make_meeting(chantier: Chantier, **fields: Any) -> Meeting:
    starts = fields.pop("starts_at", NOW + timedelta(days=8))
    return Meeting.objects.create(
        **{
            "chantier": chantier,
            "number": 1,
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "place": "Salle des fêtes",
        }
        | fields
    )


def key() -> uuid.UUID:
    return uuid.uuid4()


def make_comment(thread: Thread, author: Person, **fields: Any) -> Comment:
    return Comment.objects.create(
        **{"thread": thread, "author": author, "at": NOW, "text": "Notre camionnette est libre."} | fields
    )


def make_document(chantier: Chantier, added_by: Person, **fields: Any) -> Document:
    """With its first version."""
    common = {
        "title": f"Document {next(count)}",
        "nature": Nature.STUDY,
        "added_at": NOW,
        "changed_at": NOW,
        "description": "En bref",
    }
    document = Document.objects.create(**common | {"chantier": chantier, "added_by": added_by} | fields)
    make_version(document, added_by)
    return document


def make_version(document: Document, added_by: Person, **fields: Any) -> Version:
    data = b"Des mots."
    version = Version(
        **{
            "document": document,
            "number": 1,
            "filename": "etude.txt",
            "size": len(data),
            "content_type": "text/plain",
            "added_by": added_by,
            "sha256": f"{next(count):064d}",
            "added_at": NOW,
            "scan": Scan.UNCHECKED,
            "reading": Reading.DONE,
        }
        | fields
    )
    version.file.save(version.filename, ContentFile(data), save=False)
    version.save()
    Words.objects.create(version=version, text="Des mots.")
    return version


def make_mail(chantier: Chantier | None, **fields: Any) -> Any:
    """A received mail, sorted, with its bytes."""
    import zlib

    from dialogue.inbox.models import Mail, Original

    n = next(count)
    raw = f"From: inconnu{n}@ailleurs.example\r\nSubject: Salle\r\n\r\nNous prêtons la salle.\r\n".encode()
    mail = Mail.objects.create(
        **{
            "key": f"{n:064d}",
            "via": "lmtp",
            "envelope_from": f"inconnu{n}@ailleurs.example",
            "envelope_to": f"groupe-{n}@localhost",
            "at": NOW,
            "size": len(raw),
            "chantier": chantier,
            "stage": "to_file",
            "reason": "group",
            "message_id": f"<{n}@ailleurs.example>",
            "sender": f"inconnu{n}@ailleurs.example",
            "sender_name": f"Inconnu {n}",
            "subject": f"La salle {n}",
            "text": "Nous prêtons la salle.",
            "folded": "> cité",
            "attachments": [{"name": "plan.pdf", "content_type": "application/pdf", "size": 1200, "kept": False}],
        }
        | fields
    )
    Original.objects.create(mail=mail, packed=zlib.compress(raw))
    return mail


def make_priority(**fields: Any) -> Priority:
    fields["territory"] = fields.get("territory") or make_territory()
    fields["theme"] = fields.get("theme") or make_theme()
    return Priority.objects.create(**fields)


def make_campaign(**fields: Any) -> Campaign:
    """Open, announced, everywhere, read before it is published."""
    n = next(count)
    return Campaign.objects.create(
        **{"slug": f"campagne-{n}", "title": f"Campagne {n}", "opens_on": date(2016, 10, 1), "is_announced": True} | fields
    )


def make_contribution(**fields: Any) -> Contribution:
    """Received and published to all, of an inhabitant whose address is known; indexed for the search."""
    n = next(count)
    fields["campaign"] = fields.get("campaign") or make_campaign()
    if fields.get("theme"):
        fields.setdefault("theme_source", "author")
    row = Contribution.objects.create(
        **{
            "number": n,
            "nature": "need",
            "title": f"Contribution {n}",
            "text": "Les cantines du canton cherchent des légumes frais.",
            "author_name": f"Habitante {n}",
            "author_email": f"habitante{n}@habitant.example",
            "author_key": f"{n:064d}",
            "may_publish": True,
            "circle": "public",
            "is_published": True,
            "stage": "admissible",
            "written_at": NOW,
            "received_at": NOW,
            "due_on": TODAY + timedelta(days=90),
        }
        | fields
    )
    index([row])
    return row


def make_pair(**fields: Any) -> Pair:
    fields["first"] = fields.get("first") or make_contribution()
    fields["second"] = fields.get("second") or make_contribution(campaign=fields["first"].campaign)
    return Pair.objects.create(**{"score": 0.9} | fields)


def make_cluster(**fields: Any) -> Cluster:
    fields["theme"] = fields.get("theme") or make_theme()
    fields["territory"] = fields.get("territory") or make_territory()
    n = next(count)
    return Cluster.objects.create(**{"number": n, "words": ["cantine", "légumes", "frais"], "at": NOW} | fields)


def make_run(**fields: Any) -> AnalysisRun:
    return AnalysisRun.objects.create(**{"version": "1", "stage": "done", "at": NOW, "texts": 1, "seconds": 1.0} | fields)


def make_template(**fields: Any) -> AnswerTemplate:
    n = next(count)
    return AnswerTemplate.objects.create(**{"kind": "closed", "title": f"Modèle {n}", "text": "Merci de votre contribution."} | fields)


def make_batch(**fields: Any) -> ImportBatch:
    fields["campaign"] = fields.get("campaign") or make_campaign()
    data = b"titre;texte\r\nDes bancs;Au bord du fleuve\r\n"
    batch = ImportBatch(**{"filename": "contributions.csv", "size": len(data), "sha256": f"{next(count):064d}", "at": NOW} | fields)
    batch.file.save(batch.filename, ContentFile(data), save=False)
    with batch.file.open("rb") as file:
        understand(batch, file)
    batch.save()
    return batch


def make_candidate(**fields: Any) -> Candidate:
    fields["theme"] = fields.get("theme") or make_theme()
    fields["territory"] = fields.get("territory") or make_territory()
    return Candidate.objects.create(**{"reason": Reason.MANY, "put_at": NOW} | fields)


# Last: these need those above; a file for each floor.
from tests.factories_assembly import (  # noqa: E402, F401  # noqa: E402, F401
    make_decision,
    make_former_resolution,
    make_held_meeting,
    make_opinion,
    make_proposition,
    make_resolution,
    make_session,
)
from tests.factories_logbook import make_edition, make_entry, make_jpeg  # noqa: E402, F401
from tests.factories_opendata import make_token  # noqa: E402, F401
