"""The pages of the room: choices, unsubscribing, failed letters, the mail of the demonstration."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer import acts, spaces
from dialogue.mailer.folder import FolderBackend
from dialogue.mailer.models import Choice, Letter, Rhythm, Suspension
from dialogue.mailer.unsubscribing import token_of
from tests import factories as make
from tests.mailer.letters import make_letter, queue

pytestmark = pytest.mark.django_db
CHOICES = "/mon-compte/notifications/"


@pytest.fixture(autouse=True)
def a_space(monkeypatch):
    monkeypatch.setitem(
        spaces.REGISTRY, "essai", lambda reader, found: {s: "Groupe d’essai" for s in found if s != "essai/secret"}
    )


def shown(client, url: str = CHOICES) -> dict[str, str]:
    """What the form of the page would send, untouched."""
    form = client.get(url).context["form"]
    return {name: form[name].value() for name in form.fields}


class TestChoices:
    def test_a_visitor_signs_in_first(self, client):
        assert client.get(CHOICES).status_code == 302

    def test_the_page_shows_the_kinds_that_can_be_chosen_and_tells_those_that_cannot(self, client_for):
        response = client_for(make.make_person()).get(CHOICES)
        form = response.context["form"]
        assert form["tests.news"].value() == "immediate"
        assert form["tests.summed"].value() == "digest"
        assert "tests.duty" not in form.fields
        assert "tests.duty" in {kind.code for kind in response.context["mandatory"]}
        assert "mailer.digest" not in form.fields

    def test_saving_without_a_change_records_no_choice(self, client_for):
        client = client_for(make.make_person())
        assert client.post(CHOICES, shown(client)).status_code == 302
        assert not Choice.objects.exists()
        assert not Rhythm.objects.exists()

    def test_what_is_chosen_is_recorded_alone_and_by_an_act(self, client_for):
        person = make.make_person()
        client = client_for(person)
        client.post(CHOICES, shown(client) | {"tests.news": "never", "frequency": "daily"})
        assert list(Choice.objects.values_list("person", "kind", "space", "mode")) == [(person.pk, "tests.news", "", "never")]
        assert Rhythm.objects.get().frequency == "daily"
        assert Entry.objects.get().act == "mailer.choose"
        client.post(CHOICES, shown(client) | {"tests.news": "immediate"})
        assert Choice.objects.get().mode == "immediate"

    def test_a_wrong_answer_is_said_and_changes_nothing(self, client_for):
        client = client_for(make.make_person())
        response = client.post(CHOICES, shown(client) | {"tests.news": "sometimes"})
        assert response.status_code == 422
        assert "Choisissez parmi les réponses proposées." in response.content.decode()
        assert not Choice.objects.exists()

    def test_a_group_may_have_choices_of_its_own_that_are_listed_and_taken_back(self, client_for):
        person = make.make_person()
        client = client_for(person)
        url = f"{CHOICES}?espace=essai/a"
        assert "Groupe d’essai" in client.get(url).content.decode()
        assert shown(client, url)["tests.news"] == "as-usual"
        client.post(url, shown(client, url) | {"tests.news": "digest"})
        choice = Choice.objects.get()
        assert (choice.kind, choice.space, choice.mode) == ("tests.news", "essai/a", "digest")
        page = client.get(CHOICES).content.decode()
        assert "Groupe d’essai" in page
        assert client.post(reverse("mailer:forget", args=[choice.pk])).status_code == 302
        assert not Choice.objects.exists()

    @pytest.mark.parametrize("space", ["essai/secret", "autre/a", "rien"])
    def test_a_group_that_one_may_not_know_of_has_no_page(self, client_for, space):
        assert client_for(make.make_person()).get(f"{CHOICES}?espace={space}").status_code == 404

    def test_nobody_takes_back_the_choice_of_someone_else(self, client_for):
        choice = Choice.objects.create(person=make.make_person(), kind="tests.news", space="essai/a", mode="never")
        assert client_for(make.make_person()).post(reverse("mailer:forget", args=[choice.pk])).status_code == 404
        with pytest.raises(NotAllowed):
            acts.choose(choice.person, by=make.make_coordinator(), now=make.NOW, choices={"tests.news": ""})

    @pytest.mark.parametrize("choices", [{"tests.duty": "never"}, {"unknown": "never"}, {"tests.news": "sometimes"}])
    def test_the_act_refuses_what_cannot_be_chosen(self, choices):
        person = make.make_person()
        with pytest.raises(Refused):
            acts.choose(person, by=person, now=make.NOW, choices=choices)

    def test_the_act_refuses_an_unknown_frequency(self):
        person = make.make_person()
        with pytest.raises(Refused):
            acts.choose(person, by=person, now=make.NOW, choices={}, frequency="hourly")

    def test_a_person_whose_address_refuses_mail_is_told(self, client_for):
        person = make.make_person(email="perdue@partenaire.example")
        Suspension.objects.create(address=person.email)
        assert "refuse nos courriels" in client_for(person).get(CHOICES).content.decode()


class TestUnsubscribing:
    def link(self, letter: Letter) -> str:
        return re.search(r"http://localhost:8000(/desinscription/\S+)", letter.text)[1]

    def test_looking_at_the_page_changes_nothing(self, client):
        person = make.make_person()
        url = self.link(queue(person, space="essai/a"))
        response = client.get(url)
        assert response.status_code == 200
        assert "Nouvelles des tests" in response.content.decode()
        assert "Groupe d’essai" in response.content.decode()
        assert client.head(url).status_code == 405
        assert not Choice.objects.exists()

    def test_the_one_click_of_a_mail_client_stops_this_kind_in_this_group_without_session_nor_csrf_token(self, client_for):
        person = make.make_person()
        url = self.link(queue(person, space="essai/a"))
        robot = client_for(enforce_csrf_checks=True)
        assert robot.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert list(Choice.objects.values_list("person", "kind", "space", "mode")) == [
            (person.pk, "tests.news", "essai/a", "never")
        ]
        entry = Entry.objects.get()
        assert (entry.act, entry.actor) == ("mailer.unsubscribe", "visitor")
        assert queue(person, space="essai/a") is None
        assert queue(person, space="essai/b") is not None

    def test_it_can_be_undone_at_once_back_to_what_was_chosen_before(self, client):
        person = make.make_person()
        Choice.objects.create(person=person, kind="tests.news", mode="digest")
        url = f"/desinscription/{token_of(person.pk, 'tests.news')}/"
        page = client.post(url).content.decode()
        assert 'name="annuler" value="digest"' in page
        assert Choice.objects.get().mode == "never"
        client.post(url, {"annuler": "digest"})
        assert Choice.objects.get().mode == "digest"
        client.post(url, {"annuler": ""})
        assert not Choice.objects.exists()

    def test_the_digest_is_stopped_by_its_own_link(self, client):
        person = make.make_person()
        url = f"/desinscription/{token_of(person.pk, 'mailer.digest')}/"
        client.post(url)
        assert Rhythm.objects.get().frequency == "never"
        client.post(url, {"annuler": "daily"})
        assert Rhythm.objects.get().frequency == "daily"

    def test_a_link_that_is_not_ours_or_speaks_of_what_cannot_be_refused_is_not_found(self, client):
        person = make.make_person()
        good = token_of(person.pk, "tests.news")
        for token in (
            good[:-1] + ("A" if good[-1] != "A" else "B"),
            "x",
            token_of(person.pk, "tests.duty"),
            token_of(0, "tests.news"),
        ):
            assert client.post(f"/desinscription/{token}/").status_code == 404
        assert not Choice.objects.exists()

    def test_the_acts_refuse_the_link_of_someone_else(self):
        person, other = make.make_person(), make.make_person()
        token = token_of(other.pk, "tests.news")
        with pytest.raises(Refused):
            acts.unsubscribe(person, by=person, now=make.NOW, token=token)
        with pytest.raises(Refused):
            acts.subscribe_again(person, by=person, now=make.NOW, token=token)


class TestFailures:
    URL = "/pilotage/courrier/"

    def test_only_the_coordination_reads_the_page(self, client, client_for):
        assert client.get(self.URL).status_code == 302
        assert client_for(make.make_person()).get(self.URL).status_code == 403
        assert client_for(make.make_coordinator()).get(self.URL).status_code == 200

    def test_it_lists_the_failed_letters_and_no_other(self, client_for):
        make_letter(stage="failed", subject="Refusée", error="550 no such user")
        make_letter(stage="sent", subject="Envoyée")
        page = client_for(make.make_coordinator()).get(self.URL).content.decode()
        assert "Refusée" in page
        assert "550 no such user" in page
        assert "Envoyée" not in page

    def test_a_failed_letter_is_sent_again_as_the_same_mail(self, client_for):
        letter = make_letter(stage="failed", attempts=7, error="550")
        response = client_for(make.make_coordinator()).post(reverse("mailer:retry", args=[letter.pk]))
        assert response.status_code == 302
        again = Letter.objects.get()
        assert (again.stage, again.attempts, again.error, again.message_id) == ("queued", 0, "", letter.message_id)
        assert Letter.objects.due().count() == 1

    def test_a_letter_that_did_not_fail_is_not_sent_again(self):
        letter = make_letter(stage="sent")
        with pytest.raises(Refused):
            acts.retry_letter(letter, by=make.make_coordinator(), now=make.NOW)

    def test_a_partner_neither_retries_nor_lifts(self, client_for):
        letter, suspension = make_letter(stage="failed"), Suspension.objects.create(address="a@partenaire.example")
        client = client_for(make.make_person())
        assert client.post(reverse("mailer:retry", args=[letter.pk])).status_code == 404
        assert client.post(reverse("mailer:lift", args=[suspension.pk])).status_code == 404
        with pytest.raises(NotAllowed):
            acts.lift_suspension(suspension, by=make.make_person(), now=make.NOW)

    def test_a_lifted_address_may_be_written_to_again(self, client_for):
        suspension = Suspension.objects.create(address="a@partenaire.example", reason="550 5.1.1")
        client = client_for(make.make_coordinator())
        assert "a@partenaire.example" in client.get(self.URL).content.decode()
        client.post(reverse("mailer:lift", args=[suspension.pk]))
        assert not Suspension.objects.exists()
        assert Entry.objects.get().act == "mailer.lift_suspension"
        assert queue("a@partenaire.example") is not None
        with pytest.raises(Refused):
            acts.lift_suspension(suspension, by=make.make_coordinator(), now=make.NOW)

    def test_a_reader_sees_their_own_letters_the_coordination_those_that_failed(self):
        person = make.make_person()
        own, failed = make_letter(person=person), make_letter(stage="failed")
        make_letter(stage="sent")
        assert list(Letter.objects.visible_to(person)) == [own]
        assert list(Letter.objects.visible_to(make.make_coordinator())) == [failed]


class TestFolder:
    URL = "/demo/courrier/"

    @pytest.fixture(autouse=True)
    def demo(self, settings):
        settings.DEMO = True

    def write(self, subject="Votre code", to="claire@partenaire.example", message_id="<1-2@localhost>") -> None:
        message = EmailMultiAlternatives(subject, "Bonjour, é.", to=[to], headers={"Message-ID": message_id})
        message.attach_alternative("<html><head></head><body><p>Bonjour</p></body></html>", "text/html")
        FolderBackend().send_messages([message])

    def test_a_second_delivery_of_the_same_mail_is_the_same_file(self, settings):
        self.write()
        self.write()
        assert [file.name for file in settings.MAIL_FOLDER.iterdir()] == ["1-2@localhost.eml"]

    def test_a_message_id_cannot_leave_the_folder(self, settings):
        self.write(message_id="<../../x/y@localhost>")
        assert [file.parent for file in settings.MAIL_FOLDER.rglob("*.eml")] == [settings.MAIL_FOLDER]

    def test_the_page_lists_the_mails_newest_first_and_filters_by_reader(self, client):
        assert "Aucun courriel pour l’instant." in client.get(self.URL).content.decode()
        self.write()
        self.write("Une convocation", "paul@partenaire.example", "<3@localhost>")
        page = client.get(self.URL)
        assert [shown.subject for shown in page.context["mails"]] == ["Une convocation", "Votre code"]
        assert [shown.to for shown in client.get(self.URL + "?adresse=CLAIRE").context["mails"]] == ["claire@partenaire.example"]
        assert "Aucun courriel à cette adresse." in client.get(self.URL + "?adresse=autre").content.decode()

    def test_its_hour_is_that_of_the_site(self, client, settings):
        settings.CLOCK_OFFSET = timedelta(0)
        self.write()
        file = next(settings.MAIL_FOLDER.iterdir())
        file.write_bytes(re.sub(rb"(?m)^Date: .*$", b"Date: Mon, 06 Nov 2017 08:10:00 -0000", file.read_bytes()))
        assert "9 h 10" in client.get(self.URL).content.decode().replace("\u00a0", " ")

    def test_a_mail_is_read_in_text_with_its_headers(self, client):
        self.write()
        page = client.get(f"{self.URL}1-2@localhost/").content.decode()
        assert "Bonjour, é." in page
        assert "Message-ID" in page

    def test_the_html_part_may_run_and_fetch_nothing(self, client):
        self.write()
        response = client.get(f"{self.URL}1-2@localhost/html/")
        assert response["Content-Security-Policy"].startswith("sandbox allow-popups")
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "script-src" not in response["Content-Security-Policy"]
        assert '<base target="_blank">' in response.content.decode()

    @pytest.mark.parametrize("name", ["absent", "..", ".1-2@localhost", "%2e%2e%2fx"])
    def test_what_is_not_a_mail_is_not_found(self, client, name):
        self.write()
        assert client.get(f"{self.URL}{name}/").status_code == 404
        assert client.get(f"{self.URL}{name}/html/").status_code == 404

    def test_there_is_no_such_page_outside_a_demonstration(self, client, settings):
        settings.DEMO = False
        self.write()
        for path in ("", "1-2@localhost/", "1-2@localhost/html/"):
            assert client.get(self.URL + path).status_code == 404

    def test_the_worker_s_own_letters_go_through_it(self, settings):
        from dialogue.mailer import delivery
        from dialogue.mailer.courier import InProcess

        settings.EMAIL_BACKEND = "dialogue.mailer.folder.FolderBackend"
        letter = queue(make.make_person())
        delivery.deliver_due(InProcess(), "w1")
        assert [file.stem for file in settings.MAIL_FOLDER.iterdir()] == [letter.message_id.strip("<>")]
        assert mail.outbox == []
