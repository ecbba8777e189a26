"""A group of five goes through its meetings: five browsers, a mail program on LMTP, nothing outside the platform."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import icalendar
import pytest
from django.utils import timezone

from dialogue.chantiers.stages import Role, Stage
from dialogue.discussion.models import Comment
from dialogue.inbox import sorting
from dialogue.inbox.models import Mail
from dialogue.mailer.message import as_mail
from dialogue.mailer.models import Letter
from dialogue.meetings.models import Answer, Meeting, Minutes
from tests import factories as make
from tests.browser.conftest import DESK, PHONE
from tests.inbox.letters import mail
from tests.inbox.lmtp_server import Server, until

pytestmark = pytest.mark.django_db(transaction=True)
SPACE = "/chantiers/manger-local/espace/"
MEETING, PAPER = SPACE + "seances/1/", "/chantiers/manger-local/seances/1/"
LINE = re.compile(r"https?://\S+")


class Group:
    """Five people of a chantier, and the clock of the Département."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        self.at(make.NOW)
        make.make_department()
        self.chantier = make.make_chantier(slug="manger-local", title="Manger local", stage=Stage.WORKING)
        roles = {
            "lead": Role.LEAD,
            "sponsor": Role.SPONSOR,
            "anne": Role.PARTNER,
            "bilal": Role.PARTNER,
            "observer": Role.OBSERVER,
        }
        self.people = {
            name: make.make_member(
                self.chantier, role=role, person=make.make_person(name=name.title(), email=f"{name}@partenaire.example")
            ).person
            for name, role in roles.items()
        }

    def at(self, moment: datetime) -> None:
        self.settings.CLOCK_OFFSET = moment - timezone.now()

    def letter(self, name: str, kind: str) -> Letter:
        return Letter.objects.filter(person=self.people[name], kind=kind).latest("pk")


@pytest.fixture
def group(settings: Any) -> Group:
    return Group(settings)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Callable[..., Mail]]:
    """`post(raw, to, sender)`: the mail program hands a mail over, the door accepts it, it is sorted; its row."""
    server = Server(tmp_path)

    def send(raw: bytes, to: str, sender: str) -> Mail:
        known = Mail.objects.count()
        server.send(raw, to, sender=sender)
        until(lambda: Mail.objects.count() == known + 1)
        sorting.sort_due()
        return Mail.objects.latest("pk")

    yield send
    server.stop()


def press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Any, name: Any) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def rewrite(page: Any, words: str, why: str, button: str) -> None:
    item = Meeting.objects.get().items.get()
    page.goto(PAPER + "corriger/")
    page.locator(f"[name=item-{item.pk}]").fill(words)
    page.get_by_label("Ce qui change, et pourquoi").fill(why)
    press(page, button)


def reply_to_the_invitation(letter: Letter) -> bytes:
    """What Thunderbird sends when one clicks "Accept" under the invitation of this letter (RFC 6047)."""
    invitation = as_mail(letter).message()
    part = next(part for part in invitation.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    event = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    lines = ["BEGIN:VCALENDAR", "PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", "VERSION:2.0", "METHOD:REPLY",
             "BEGIN:VEVENT", f"UID:{event['UID']}", "DTSTAMP:20171107T100000Z", f"SEQUENCE:{event['SEQUENCE']}",
             f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{letter.address}", "END:VEVENT", "END:VCALENDAR", ""]  # fmt: skip
    return (
        f"From: Anne <{letter.address}>\r\nTo: {letter.reply_to}\r\nMessage-ID: <accept@partenaire.example>\r\n"
        "Subject: =?utf-8?q?Accept=C3=A9?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: text/calendar; charset=utf-8; method=REPLY\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        + "\r\n".join(lines)
    ).encode()


def convene(who: Any, group: Group) -> None:
    """The lead convenes, with an agenda."""
    who.lead.goto(SPACE + "seances/convoquer/")
    who.lead.get_by_label("Date de la séance").fill("2017-11-15")
    who.lead.get_by_label("De", exact=True).fill("14:30")
    who.lead.get_by_label("À", exact=True).fill("16:30")
    who.lead.get_by_label("Lieu").fill("Lycée agricole, salle 3")
    press(who.lead, "Envoyer la convocation")
    follow(who.lead, "Ajouter un point")
    who.lead.get_by_label("Intitulé").fill("Qui livre le mercredi ?")
    press(who.lead, "Ajouter le point")
    assert "Qui livre le mercredi" in who.lead.locator("#t-odj").locator("xpath=../..").inner_text()


def answer(who: Any, group: Group, post: Any) -> None:
    """Anne answers from her mail program, Bilal on the page: one truth."""
    letter = group.letter("anne", "meetings.convened")
    post(reply_to_the_invitation(letter), letter.reply_to, letter.address)
    who.bilal.goto(MEETING)
    who.bilal.locator("input[name=rsvp]").nth(1).check(force=True)
    press(who.bilal, "Envoyer ma réponse")
    assert Answer.objects.get(person=group.people["anne"]).rsvp == "accepted"
    assert Answer.objects.filter(meeting__number=1).count() == 2
    who.bilal.goto(MEETING)
    assert "Anne" in who.bilal.locator("#t-rep").locator("xpath=..").inner_text()


def meet(who: Any, group: Group) -> None:
    """The session: a decision by the keyboard, presence, the end."""
    group.at(Meeting.objects.get().starts_at + timedelta(minutes=5))
    who.lead.goto(MEETING)
    press(who.lead, "Ouvrir la séance")
    who.lead.goto(MEETING + "direct/")
    item = Meeting.objects.get().items.get()
    who.lead.locator(f"#notes-{item.pk}").fill("Le Cabas a une camionnette, libre 34 mercredis.")
    box = who.lead.locator(f"#point-{item.pk} form[data-lines]")
    box.get_by_label("Une phrase complète").fill("Une tournée passe le mercredi.")
    box.get_by_label("Une phrase complète").press("Control+Enter")
    until(lambda: Meeting.objects.get().decisions.exists() and Meeting.objects.get().items.get().notes)
    who.anne.goto(MEETING + "direct/")
    assert "Une tournée passe le mercredi." in who.anne.locator("main").inner_text()
    who.lead.goto(MEETING + "presence/")
    for choice in who.lead.locator("select[name$=presence]").all():
        choice.select_option("present")
    press(who.lead, "Enregistrer la présence")
    group.at(Meeting.objects.get().ends_at + timedelta(minutes=5))
    who.lead.goto(MEETING)
    press(who.lead, "Lever la séance")
    who.lead.goto(MEETING)
    press(who.lead, "Commencer le compte-rendu")
    press(who.lead, "Envoyer en relecture")


def remark(who: Any, group: Group, post: Any) -> None:
    """Remarks: Anne on the page, on a passage and its words; Bilal by answering the mail."""
    item = Meeting.objects.get().items.get()
    who.anne.goto(PAPER + "compte-rendu/")
    who.anne.get_by_label("Sur quel point").select_option(f"item-{item.pk}")
    who.anne.get_by_label("Les mots dont vous parlez").fill("34 mercredis")
    who.anne.get_by_label("Votre remarque").fill("43, et non 34.")
    press(who.anne, "Envoyer ma remarque")
    assert "34 mercredis" in who.anne.locator("#remarques blockquote").inner_text()
    letter = group.letter("bilal", "meetings.minutes_to_check")
    raw = mail(
        "Le lycée prête aussi une remorque.\n\nLe 15 nov. 2017 à 17:02, Le Département a écrit :\n> Le brouillon est en ligne.\n",
        sender=letter.address,
        name="Bilal",
        to=letter.reply_to,
        subject=f"Re: {letter.subject}",
    )
    post(raw, letter.reply_to, letter.address)
    assert [(said.author.name, said.text, said.get_via_display()) for said in Comment.objects.order_by("pk")] == [
        ("Anne", "43, et non 34.", "sur la plateforme"),
        ("Bilal", "Le lycée prête aussi une remorque.", "par courriel"),
    ]


def correct(who: Any, group: Group) -> None:
    """The lead corrects, answers each remark; the sponsor approves after the deadline; it is published to all."""
    rewrite(who.lead, "Le Cabas a une camionnette, libre 43 mercredis.", "Le nombre de mercredis", "Enregistrer la nouvelle version")
    for _remark in range(2):
        who.lead.goto(PAPER + "compte-rendu/")
        follow(who.lead, re.compile("^Donner suite"))
        who.lead.locator("input[name=outcome][value=kept]").check(force=True)
        with who.lead.expect_navigation():
            who.lead.locator("main button.principal").click()
    who.anne.goto(PAPER + "compte-rendu/")
    assert "Corrigé dans la version 2" in who.anne.locator("#remarques").inner_text()
    assert "Ces mots ne sont pas, ou plus, dans ce passage." in who.anne.locator("#remarques").inner_text()
    group.at(Minutes.objects.get().deadline + timedelta(hours=1))
    who.sponsor.goto(PAPER + "compte-rendu/")
    press(who.sponsor, "Approuver le compte-rendu")
    who.lead.goto(PAPER + "compte-rendu/")
    who.lead.locator("input[name=circle][value=public]").check(force=True)
    press(who.lead, "Publier le compte-rendu")
    who.passer_by.goto("/chantiers/manger-local/")
    follow(who.passer_by, re.compile("^Compte-rendu de la 1"))
    assert "43 mercredis" in who.passer_by.locator("main").inner_text()
    assert "remorque" not in who.passer_by.locator("body").inner_text()


def rectify(who: Any, group: Group) -> None:
    """Rectified: a third version, its differences visible to all."""
    words = "Le Cabas a une camionnette et une remorque, libres 43 mercredis."
    rewrite(who.lead, words, "La remorque du lycée", "Publier la rectification")
    who.passer_by.reload()
    assert "et une remorque" in who.passer_by.locator("main").inner_text()
    who.observer.goto(PAPER + "comparer/2/3/")
    assert "et une remorque" in who.observer.locator("main ins").first.inner_text()


def test_from_the_convocation_to_the_rectified_minutes(group, visit, post):
    pages = {name: visit(person, size=PHONE if name == "observer" else DESK) for name, person in group.people.items()}
    who = SimpleNamespace(**pages, passer_by=visit())
    convene(who, group)
    answer(who, group, post)
    meet(who, group)
    remark(who, group, post)
    correct(who, group)
    rectify(who, group)
    assert [page.errors for page in vars(who).values()] == [[]] * 6


def test_three_people_without_an_account_choose_a_date(group, visit):
    lead = visit(group.people["lead"])
    lead.goto(SPACE + "seances/preparer/")
    lead.get_by_label("Lieu").fill("Mairie")
    with lead.expect_navigation():
        lead.locator("main form button.principal").click()
    follow(lead, "Demander les disponibilités")
    for n, day in enumerate(("2017-11-21", "2017-11-23")):
        lead.locator(f"[name=form-{n}-day]").fill(day)
        lead.locator(f"[name=form-{n}-starts]").fill("14:00")
        lead.locator(f"[name=form-{n}-ends]").fill("16:00")
    lead.get_by_label("Réponse attendue au plus tard le").fill("2017-11-14")
    lead.get_by_label("Autres personnes à interroger").fill("maire@lande.example, ecole@lande.example, cabas@lande.example")
    press(lead, "Envoyer le sondage")

    given = {"maire": ("yes", "no"), "ecole": ("if_need_be", "no"), "cabas": ("yes", "no")}
    for name, choices in given.items():
        letter = Letter.objects.get(address=f"{name}@lande.example")
        page = visit(js=False, size=PHONE)
        page.goto(next(url for url in LINE.findall(letter.text) if "/dates/" in url))
        for n, code in enumerate(choices):
            page.locator("main fieldset").nth(n).locator(f"input[value={code}]").check(force=True)
        page.get_by_label("Votre nom").fill(name.title())
        press(page, "Envoyer mes disponibilités")
        assert page.errors == []

    lead.goto(MEETING + "sondage/")
    assert "3 réponses sur 8" in lead.locator("main").inner_text()
    refused, chosen = lead.locator("input[name=option]").nth(1), lead.locator("input[name=option]").nth(0)
    assert refused.is_disabled()
    chosen.check(force=True)
    press(lead, "Choisir cette date et convoquer")
    meeting = Meeting.objects.get()
    assert (meeting.stage, timezone.localtime(meeting.starts_at).isoformat()) == ("convened", "2017-11-21T14:00:00+01:00")
    assert Letter.objects.filter(address="maire@lande.example").latest("pk").text.count("21 novembre") >= 1
    assert lead.errors == []
