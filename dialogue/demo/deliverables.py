"""What the groups deliver, by the real path: begun, written, submitted, agreed, validated, published; one replaced, one given up."""

from __future__ import annotations

import io
import tomllib
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.utils.text import slugify

from dialogue.chantiers.acts import life
from dialogue.chantiers.models import PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage
from dialogue.deliverables.acts import preparing, publishing
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Access, Finding, Licence
from dialogue.demo.cast import DATA
from dialogue.demo.groups import Group
from dialogue.demo.story import Story, at
from dialogue.formats import pdf
from dialogue.ledger.acts import SYSTEM

TEMPLATE = Path(__file__).parent / "typst" / "deliverable.typ"
#: Days before publication on which each turn falls.
BEGUN, WRITTEN, SUBMITTED, VALIDATED = 50, 13, 12, 2
#: The group that asked for a change, the one that agreed in full, the one whose guide has a second version.
ASKS_CHANGE, ALL_AGREE, RENEWED = 5, 11, 3
#: The group that gives up its second promise, and whose first one waits for its members on the day of the demonstration.
EXAMPLE, EXAMPLE_SUBMITTED, EXAMPLE_DAYS = 2, date(2017, 11, 3), 10
NEW_VERSION = date(2017, 11, 3)
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def results() -> list[dict[str, Any]]:
    """What is said of each (data/livrables.toml)."""
    with (DATA / "livrables.toml").open("rb") as file:
        return tomllib.load(file)["livrable"]


def tell(story: Story, groups: dict[int, Group]) -> None:
    """Each line of the roadmaps of the groups that work, on the day on which it is due."""
    told = results()
    for group in groups.values():
        if group.state in {"launched", "open", "suspended"}:
            continue
        for title, due in group.script["deliverables"]:
            said = next((one for one in told if one["n"] == group.number and title.startswith(one["starts"])), {})
            _Delivery(group, title, said).tell(story, date.fromisoformat(due))


class _Delivery:
    """One deliverable of one group."""

    def __init__(self, group: Group, line: str, said: dict[str, Any]) -> None:
        self.group, self.line, self.said = group, line, said
        self.title = said.get("title", line)
        self.summary = said.get("summary") or f"{line} : le groupe l’a préparé, essayé et corrigé avec ceux qui s’en serviront."
        self.is_example = group.number == EXAMPLE
        self.gives_up = self.is_example and not said

    def tell(self, story: Story, day: date) -> None:
        number = self.group.number
        begun = date(2017, 10, 2) if self.is_example else max(day - timedelta(days=BEGUN), date(2017, 9, 4))
        story.tell(at(begun, 9, number), self.begin)
        if self.gives_up:
            story.tell(at(date(2017, 10, 31), 16), self.give_up)
            return
        asked = EXAMPLE_SUBMITTED if self.is_example else day - timedelta(days=SUBMITTED)
        story.tell(at(asked - timedelta(days=WRITTEN - SUBMITTED), 14, number), self.write)
        story.tell(at(asked, 11, number), self.submit)
        story.tell(at(asked + timedelta(days=1), 18, number), self.answer)
        story.tell(at(day - timedelta(days=VALIDATED), 11, 30), self.validate)
        story.tell(at(day, 17, 45), self.publish)
        if self.group.number == RENEWED:
            story.tell(at(NEW_VERSION, 10), self.renew)

    # Turns ----------------------------------------------------------------------------------------------------------

    def item(self) -> PlannedDeliverable:
        rows = PlannedDeliverable.objects.filter(roadmap__chantier=self.group.row(), roadmap__stage=RoadmapStage.ADOPTED)
        return rows.select_related("roadmap__chantier").get(title=self.line)

    def row(self) -> Deliverable:
        rows = Deliverable.objects.filter(chantier__number=self.group.number, key=self.item().key)
        return rows.select_related("chantier", "file__document", "replaces").order_by("-version")[0]

    def begin(self, now: datetime) -> None:
        preparing.start_deliverable(self.group.row(), by=self.group.partners[0], now=now, line=self.item())

    def write(self, now: datetime) -> None:
        row, by = self.row(), self.group.partners[0]
        text = self.text() if self.said.get("format") == "scan" else ""
        preparing.describe(row, by=by, now=now, revision=row.revision, title=self.title, summary=self.summary, full_text=text)
        self.attach(row, now, version=1)

    def attach(self, row: Deliverable, now: datetime, *, version: int) -> None:
        kind = self.said.get("format", "pdf")
        data = self.odt() if kind == "odt" else self.scan(now) if kind == "scan" else self.pdf(now, version)
        file = io.BytesIO(data)
        file.name = f"{slugify(self.title)[:60]}.{'odt' if kind == 'odt' else 'pdf'}"
        finding = {"odt": Finding.OFFICE, "scan": Finding.UNTAGGED}.get(kind, Finding.TAGGED)
        preparing.attach_file(row, by=self.group.partners[0], now=now, file=file, finding=finding)

    def submit(self, now: datetime) -> None:
        deadline = now + timedelta(days=EXAMPLE_DAYS if self.is_example else preparing.DAYS)
        preparing.submit(self.row(), by=self.group.lead, now=now, deadline=deadline)

    def answer(self, now: datetime) -> None:
        """Two partners agree; in one group a third asks for a change, which is made and submitted anew."""
        row = self.row()
        if self.group.number == ASKS_CHANGE:
            reason = "L’arrêt de la gare n’est pas sur le plan : c’est celui que tout le monde demande."
            preparing.ask_change(row, by=self.group.partners[2], now=now, reason=reason)
            later = now + timedelta(hours=16)
            preparing.describe(row, by=self.group.partners[0], now=later, revision=row.revision, title=self.title, summary=self.summary)
            preparing.submit(row, by=self.group.lead, now=later, deadline=later + timedelta(days=preparing.DAYS))
            now = later + timedelta(hours=3)
        agreeing = self.group.partners if self.group.number == ALL_AGREE else self.group.partners[:2]
        for n, person in enumerate(agreeing):
            if preparing.agree.allows(person, row):
                preparing.agree(row, by=person, now=now + timedelta(hours=n))

    def validate(self, now: datetime) -> None:
        """After the deadline: by the sponsor in one group out of two, by silence in the others."""
        preparing.validate(self.row(), by=self.group.sponsor if self.group.number % 2 else SYSTEM, now=now)

    def publish(self, now: datetime) -> None:
        self.let_out(self.row(), now)
        if all(row.is_settled for row in self.item().roadmap.deliverables.all()):
            life.deliver(self.group.row(), by=self.group.lead, now=now)

    def let_out(self, row: Deliverable, now: datetime) -> None:
        publishing.publish(
            row,
            by=self.group.lead,
            now=now,
            title=self.title,
            summary=self.summary,
            access=Access.TEXT if row.full_text else Access.FILE,
            licence=Licence(self.said.get("licence", Licence.OPEN)),
            licence_reason=self.said.get("reason", ""),
            full_text=row.full_text,
        )

    def renew(self, now: datetime) -> None:
        """Two weeks later the group corrects its guide: the first version stays, and says by what it was replaced."""
        row = publishing.start_version(self.row(), by=self.group.lead, now=now)
        self.summary += " Cette deuxième version ajoute un modèle de budget."
        preparing.describe(row, by=self.group.partners[0], now=now, revision=row.revision, title=self.title, summary=self.summary)
        self.attach(row, now + timedelta(hours=1), version=2)
        meeting = self.group.row().meetings.order_by("-number")[0]
        day = {"meeting_number": meeting.number, "meeting_on": meeting.starts_at.date()}
        preparing.validate_at_meeting(row, by=self.group.lead, now=now + timedelta(hours=2), **day)
        self.let_out(self.row(), now + timedelta(hours=3))

    def give_up(self, now: datetime) -> None:
        motive = (
            "Les producteurs préfèrent s’appeler chaque semaine plutôt que tenir un calendrier commun. "
            "Le groupe garde la commande groupée, et renonce au calendrier."
        )
        publishing.give_up(self.row(), by=self.group.lead, now=now, motive=motive)

    # Files ----------------------------------------------------------------------------------------------------------

    def parts(self) -> list[dict[str, Any]]:
        chantier = self.group.row()
        objectives = [row[0] for row in self.group.script["objectives"]]
        steps = [row[0] for row in self.group.script["steps"]]
        return [
            {"title": "Pourquoi ce travail", "lines": [chantier.objective]},
            {"title": "Ce que le groupe visait", "lines": objectives},
            {"title": "Comment il a travaillé", "lines": steps},
        ]

    def text(self) -> str:
        parts = ("\n".join([part["title"], *(f"- {line}" for line in part["lines"])]) for part in self.parts())
        return "\n\n".join([self.summary, *parts])

    def pdf(self, now: datetime, version: int) -> bytes:
        data = {
            "title": self.title,
            "summary": self.summary,
            "author": "Département de la Gironde",
            "over": self.group.row().title,
            "footer": f"Démonstration : contenu fictif · version {version}",
            "parts": self.parts(),
        }
        return pdf.document(TEMPLATE, data, made_at=now)

    def scan(self, now: datetime) -> bytes:
        """The same without its tags, as an office scanner would give it."""
        import pypdf

        writer = pypdf.PdfWriter()
        for page in pypdf.PdfReader(io.BytesIO(self.pdf(now, 1))).pages:
            writer.add_page(page)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    def odt(self) -> bytes:
        """An OpenDocument text: headings, paragraphs, lists."""
        body = [f'<text:h text:outline-level="1">{escape(self.title)}</text:h>', f"<text:p>{escape(self.summary)}</text:p>"]
        for part in self.parts():
            items = "".join(f"<text:list-item><text:p>{escape(line)}</text:p></text:list-item>" for line in part["lines"])
            body.append(f'<text:h text:outline-level="2">{escape(part["title"])}</text:h><text:list>{items}</text:list>')
        content = (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{ODF}:office:1.0" '
            f'xmlns:text="{ODF}:text:1.0" office:version="1.2"><office:body><office:text>{"".join(body)}'
            "</office:text></office:body></office:document-content>"
        )
        kind = "application/vnd.oasis.opendocument.text"
        manifest = (
            f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{ODF}:manifest:1.0" manifest:version="1.2">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, data in (("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content)):
                entry = zipfile.ZipInfo(name, (2017, 11, 6, 9, 0, 0))
                entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        return out.getvalue()
