"""A group with one of each thing that can be found, each with a word found nowhere else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dialogue.chantiers.models import Chantier, Cooperation
from dialogue.chantiers.stages import RoadmapStage, Role, Stage
from dialogue.discussion.models import Comment, Thread
from dialogue.documents.models import Document, Version, Words
from dialogue.documents.stages import Reading, Scan
from dialogue.meetings.content import content_of
from dialogue.meetings.models import Action, AgendaItem, Decision, Material, Meeting, Minutes, MinutesVersion
from dialogue.people.models import Organisation, Person
from dialogue.people.stages import Circle
from tests import factories as make
from tests.factories_assembly import make_proposition
from tests.factories_deliverables import make_result
from tests.search.outcomes import plant_outcomes

NOW = make.NOW


@dataclass
class Library:
    """`words`: the planted word → the names of those who may find it."""

    chantier: Chantier
    people: dict[str, Any]
    words: dict[str, frozenset[str]] = field(default_factory=dict)


EVERYBODY = frozenset({"visitor", "newcomer", "partner", "member", "lead", "other", "coordination"})
PARTNERS = EVERYBODY - {"visitor", "newcomer"}
GROUP = frozenset({"member", "lead", "coordination"})


def build(*, circle: str = Circle.PUBLIC) -> Library:
    """A working chantier of this circle, its group, another group, and readers of each kind."""
    territory = make.make_territory(name="Territoire zqterritoire", description="zqpresentation")
    make.make_commune(territory=territory, name="Zqcommune")
    theme = make.make_theme(name="Alimentation zqtheme", keywords=["zqmotclef"])
    chantier = make.make_chantier(
        stage=Stage.WORKING, circle=circle, theme=theme, territories=[territory], title="Manger local zqchantier", slug="manger",
        objective="Servir zqobjectif", deliverable="Un guide zqlivrable",
    )  # fmt: skip
    other = make.make_chantier(stage=Stage.WORKING)
    people: dict[str, Any] = {"partner": make.make_person(), "newcomer": make.make_newcomer()}
    people["coordination"] = make.make_coordinator()
    people["member"] = make.make_member(chantier).person
    people["lead"] = make.make_member(chantier, role=Role.LEAD).person
    people["other"] = make.make_member(other).person
    library = Library(chantier, people)
    wide = {Circle.PUBLIC: EVERYBODY, Circle.PARTNERS: PARTNERS | GROUP}[Circle(circle)]
    library.words = dict.fromkeys(("zqterritoire", "zqpresentation", "zqcommune", "zqtheme", "zqmotclef"), EVERYBODY)
    library.words |= dict.fromkeys(("zqchantier", "zqobjectif", "zqlivrable"), wide)
    _frame(library, wide)
    _work(library, wide)
    _propositions(library, wide)
    plant_outcomes(chantier)
    library.words |= dict.fromkeys(("zqpacte", "zqengagee", "zqdemarche", "zqetape", "zqconference"), EVERYBODY)
    library.words |= {"zqprevue": frozenset({"coordination"}), "zqbilan": (PARTNERS | GROUP) & wide, "zqattendu": frozenset()}
    return library


def _frame(library: Library, wide: frozenset[str]) -> None:
    chantier = library.chantier
    for stage, version, read_by, name in (
        (RoadmapStage.ADOPTED, 1, Circle.PARTNERS, "zqadopte"),
        (RoadmapStage.DRAFT, 2, Circle.GROUP, "zqbrouillon"),
    ):
        roadmap = make.make_roadmap(chantier, stage=stage, version=version, circle=read_by)
        make.make_objective(roadmap, title=f"Objectif {name}a")
        make.make_deliverable(roadmap, title=f"Livrable {name}b")
        make.make_step(roadmap, title=f"Étape {name}c")
        for letter in "abc":
            library.words[name + letter] = (PARTNERS | GROUP) & wide if stage == RoadmapStage.ADOPTED else frozenset()
    born = Cooperation.objects.create(chantier=chantier, title="Commandes zqcooperation", since=date(2017, 9, 1))
    born.organisations.set(Organisation.objects.all()[:1])
    library.words["zqcooperation"] = PARTNERS & wide | GROUP
    make.make_organisation(name="Ferme zqorganisme")
    make.make_organisation(name="Ferme zqpropose", stage="proposed")
    make.make_date(title="Conseil zqdate")
    make.make_date(title="Conseil zqreserve", circle=Circle.PARTNERS)
    library.words |= {"zqorganisme": EVERYBODY, "zqpropose": frozenset(), "zqdate": EVERYBODY, "zqreserve": PARTNERS}


def _work(library: Library, wide: frozenset[str]) -> None:
    chantier, lead = library.chantier, library.people["lead"]
    meetings = [
        make.make_meeting(chantier, number=n, stage="held", starts_at=NOW - timedelta(days=90 - n), place=f"Salle zqlieu{n}")
        for n in (1, 2, 3)
    ]
    make_meeting_parts(meetings[0], lead, "a")
    make_meeting_parts(meetings[1], lead, "b")
    make_minutes(meetings[0], "zqpublie", stage="published", circle=Circle.PARTNERS)
    make_minutes(meetings[1], "zqrelecture", stage="in_review")
    library.words |= {f"zqlieu{n}": GROUP for n in (1, 2, 3)}
    library.words |= {f"zq{name}{end}": GROUP for name in ("point", "notes", "matiere") for end in "ab"}
    library.words |= {f"zq{name}a": PARTNERS & wide | GROUP for name in ("decision", "action")}
    library.words |= {f"zq{name}b": GROUP for name in ("decision", "action")}
    library.words |= {"zqpublie": PARTNERS & wide | GROUP, "zqrelecture": GROUP}
    for name, circle in (("zqdocgroupe", Circle.GROUP), ("zqdocpartenaires", Circle.PARTNERS), ("zqdocpublic", Circle.PUBLIC)):
        make_document(chantier, lead, f"Étude {name}", circle=circle, words=f"Texte {name}mots")
        readers = {Circle.GROUP: GROUP, Circle.PARTNERS: PARTNERS & wide | GROUP, Circle.PUBLIC: wide}[circle]
        library.words |= {name: readers, f"{name}mots": readers}
    make_document(chantier, lead, "Étude zqretiree", withdrawn_at=NOW, withdrawn_motive="Doublon")
    infected = make_document(chantier, lead, "Étude zqinfectee", words="zqvirus")
    infected.versions.update(scan=Scan.INFECTED)
    thread = make_thread(chantier, lead, "Sujet zqsujet")
    make_comment(thread, lead, "Message zqmessage")
    make_comment(thread, lead, "Message zqmasque", hidden_at=NOW, hidden_by=lead, hidden_motive="Hors sujet")
    make_result(chantier, lead, title="Guide zqresultat", circle=Circle.PARTNERS)
    make_result(chantier, lead, title="Guide zqprepare", stage="in_progress")
    library.words |= {"zqresultat": PARTNERS & wide | GROUP, "zqprepare": GROUP}
    library.words |= {"zqretiree": frozenset(), "zqinfectee": GROUP, "zqvirus": frozenset()}
    words = make.make_entry(chantier, stage="chosen", by=lead, text="Une parole du carnet.")
    make.make_edition(words, stage="published", title="Carnet zqcarnet")
    library.words |= {"zqcarnet": EVERYBODY}
    library.words |= {"zqsujet": GROUP, "zqmessage": GROUP, "zqmasque": frozenset()}


def _propositions(library: Library, wide: frozenset[str]) -> None:
    """In each circle; a vote is read with its proposition."""
    chantier = library.chantier
    make_proposition(chantier, title="Acheter zqredigee")
    make_proposition(chantier, title="Acheter zqinstruite", stage="under_review")
    voted = make_proposition(chantier, title="Acheter zqvotee", stage="adopted_amended", circle=chantier.circle)
    voted.resolution.adopted_text = "Le Département achète zqamende."
    voted.resolution.save()
    library.words |= {"zqredigee": GROUP, "zqinstruite": PARTNERS & wide | GROUP, "zqvotee": wide, "zqamende": wide}


def make_meeting_parts(meeting: Meeting, by: Person, end: str) -> None:
    n = 1 + Decision.objects.count()
    common: dict[str, Any] = {"meeting": meeting, "by": by, "at": NOW}
    AgendaItem.objects.create(meeting=meeting, title=f"Point zqpoint{end}", notes=f"Notes zqnotes{end}")
    Decision.objects.create(chantier=meeting.chantier, number=n, text=f"Décider zqdecision{end}", **common)
    Action.objects.create(chantier=meeting.chantier, number=n, text=f"Faire zqaction{end}", owner_text="Les communes", **common)
    Material.objects.create(text=f"Parole zqmatiere{end}", **common)


def make_minutes(meeting: Meeting, word: str, *, stage: str, circle: str = Circle.PUBLIC) -> Minutes:
    out = {"approved_at": NOW, "published_at": NOW} if stage == "published" else {}
    minutes = Minutes.objects.create(
        meeting=meeting, chantier=meeting.chantier, stage=stage, circle=circle, deadline=NOW, reviewed_at=NOW, **out
    )
    content = content_of(meeting)
    content["items"] = [{"key": "item-0", "title": "Un point", "kind": "discussion", "notes": f"Notes {word}"}]
    content |= {"decisions": [], "actions": [], "place": ""}
    MinutesVersion.objects.create(
        minutes=minutes, number=1, content=content, sha256="0" * 64, made_at=NOW, published_at=NOW if out else None
    )
    return minutes


def make_document(chantier: Chantier, by: Person, title: str, words: str = "", **fields: Any) -> Document:
    document = Document.objects.create(chantier=chantier, title=title, added_by=by, added_at=NOW, changed_at=NOW, **fields)
    version = Version.objects.create(
        document=document, number=1, file=f"documents/{uuid.uuid4().hex}", filename="etude.pdf", size=10,
        content_type="application/pdf", sha256=uuid.uuid4().hex * 2, added_by=by, added_at=NOW, scan=Scan.CLEAN,
        reading=Reading.DONE if words else Reading.NOTHING,
    )  # fmt: skip
    if words:
        Words.objects.create(version=version, text=words)
    return document


def make_thread(chantier: Chantier, by: Person, title: str) -> Thread:
    return Thread.objects.create(chantier=chantier, title=title, started_by=by, started_at=NOW, last_at=NOW)


def make_comment(thread: Thread, by: Person, text: str, **fields: Any) -> Comment:
    return Comment.objects.create(**{"thread": thread, "author": by, "at": NOW, "text": text} | fields)
