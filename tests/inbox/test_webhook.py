"""What providers post, in their own formats (Anymail's documentation), with their signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from dialogue.inbox import providers, sorting
from dialogue.inbox.models import Mail
from tests.inbox.letters import mail

pytestmark = pytest.mark.django_db
SECRET = "courrier:mot-de-passe"


@pytest.fixture(autouse=True)
def configured(settings: Any) -> None:
    settings.INBOX_WEBHOOK_SECRET = SECRET
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": "cle",
        "MAILGUN_API_KEY": "x",
        "BREVO_API_KEY": "x",
    }


def posted(client_for: Any, provider: str, data: Any, *, secret: str = SECRET, json_body: bool = True) -> int:
    headers = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()}
    options = {"content_type": "application/json"} if json_body else {}
    return (
        client_for()
        .post(f"/courrier/entrant/{provider}/", json.dumps(data) if json_body else data, **options, **headers)
        .status_code
    )


def postmark(text: str = "Nous serons deux.", **more: Any) -> dict[str, Any]:
    raw = mail(text, to="groupe-12@localhost", message_id="<pm@x.example>").decode()
    return {"OriginalRecipient": "groupe-12@localhost", "RawEmail": raw, "MessageID": "1", "Headers": [
        {"Name": "Return-Path", "Value": "<jeanne@partenaire.example>"}]} | more  # fmt: skip


def mailgun(**more: Any) -> dict[str, Any]:
    stamp, token = str(int(time.time())), "t" * 50
    signature = hmac.new(b"cle", f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "timestamp": stamp, "token": token, "signature": signature, "sender": "jeanne@partenaire.example",
        "recipient": "contact@localhost", "body-plain": "Bonjour à tous.", "attachment-count": "1",
        "message-headers": json.dumps([["From", "Jeanne Martin <jeanne@partenaire.example>"], ["To", "contact@localhost"],
                                       ["Subject", "Été"], ["Message-ID", "<mg@x.example>"], ["Date", "Mon, 06 Nov 2017 10:00:00 +0100"]]),
        "attachment-1": SimpleUploadedFile("plan.txt", b"Le plan.", "text/plain"),
    } | more  # fmt: skip


BREVO = {"items": [{"Uuid": ["1"], "RawTextBody": "Bonjour.", "Headers": {
    "From": "Jeanne Martin <jeanne@partenaire.example>", "To": "contact@localhost", "Subject": "Re: Cantines",
    "Message-ID": "<br@x.example>", "Delivered-To": "groupe-12@localhost", "Return-Path": "<jeanne@partenaire.example>"}}]}  # fmt: skip


def test_what_postmark_posts_is_stored_once_however_often_it_posts(client_for):
    assert [posted(client_for, "postmark", postmark()) for _ in range(2)] == [200, 200]
    row = Mail.objects.get()
    assert (row.via, row.envelope_to, row.envelope_from) == ("webhook", "groupe-12@localhost", "jeanne@partenaire.example")


def test_what_mailgun_posts_keeps_its_files_and_accents(client_for, group):
    assert posted(client_for, "mailgun", mailgun(), json_body=False) == 200
    sorting.sort_due()
    row = Mail.objects.get()
    assert (row.subject, row.text, row.sender) == ("Été", "Bonjour à tous.", "jeanne@partenaire.example")
    assert [file["name"] for file in row.attachments] == ["plan.txt"]


def test_a_wrong_signature_of_mailgun_is_refused(client_for):
    assert posted(client_for, "mailgun", mailgun(signature="0" * 64), json_body=False) == 400
    assert not Mail.objects.exists()


def test_what_brevo_posts_knows_to_whom_it_was_delivered(client_for):
    assert posted(client_for, "brevo", BREVO) == 200
    assert (Mail.objects.get().envelope_to, Mail.objects.get().envelope_from) == (
        "groupe-12@localhost",
        "jeanne@partenaire.example",
    )


@pytest.mark.parametrize(("provider", "secret"), [("postmark", "autre:secret"), ("brevo", "courrier:faux"), ("mailgun", ":")])
def test_a_stranger_s_request_is_refused_unread(provider, secret, client_for):
    assert posted(client_for, provider, postmark(), secret=secret) == 400
    assert not Mail.objects.exists()


@pytest.mark.parametrize("body", [{}, {"RecordType": "Open"}, [], "x"])
def test_what_is_no_mail_is_refused(body, client_for):
    assert posted(client_for, "brevo", body) == 400


def test_a_mail_heavier_than_a_form_comes_in(client_for):
    assert posted(client_for, "postmark", postmark("x" * 900 + "\n" + "y" * 6_000_000)) == 200


def test_the_provider_posts_again_when_it_could_not_be_stored(client_for, monkeypatch):
    def away(*_: Any) -> Mail:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(providers, "store", away)
    assert posted(client_for, "postmark", postmark()) == 503


def test_the_door_is_shut_without_a_secret_and_for_others(client_for, settings):
    assert posted(client_for, "autre", {}) == 404
    assert client_for().get("/courrier/entrant/postmark/").status_code == 405
    assert client_for().head("/courrier/entrant/postmark/").status_code == 200
    settings.INBOX_WEBHOOK_SECRET = ""
    assert posted(client_for, "postmark", postmark()) == 404
