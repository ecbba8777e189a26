"""The accessible version that comes once the group was asked: who may bring it, from where, and what it may not be."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dialogue.deliverables.acts import preparing, publishing
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Access, Finding
from dialogue.documents.acts import add_document
from dialogue.documents.models import Version
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.people.stages import Circle
from tests.deliverables.conftest import Group, a_file
from tests.deliverables.files import tagged_pdf, untagged_pdf
from tests.factories import NOW, TODAY


def door(group: Group, row: Deliverable) -> str:
    return reverse("deliverables:attach_accessible", args=[group.chantier.slug, row.key])


def note_of_the_group(group: Group) -> Version:
    by = group.people["lea"]
    document = add_document(group.chantier, by=by, now=NOW, file=a_file("Secret du groupe", "interne.txt"), title="Note interne")
    return Version.objects.get(document=document)


def brought(group: Group, row: Deliverable, name: str) -> None:
    file = a_file("Le même, en clair.", f"{name}.txt")
    preparing.replace_accessible(row, by=group.people[name], now=NOW, file=file, finding=Finding.OFFICE)


def test_no_member_makes_a_document_of_the_group_public_through_a_result(group: Group, client_for: Any) -> None:
    row, note = group.published(), note_of_the_group(group)
    assert client_for(group.people["paul"]).post(door(group, row), {"version": note.pk}).status_code == 403
    lea = client_for(group.people["lea"])
    assert "Note interne" not in lea.get(door(group, row)).content.decode()
    assert lea.post(door(group, row), {"version": note.pk}).status_code == 422
    with pytest.raises(Refused, match="ne lisent pas ce document : déposez le fichier lui-même"):
        preparing.replace_accessible(row, by=group.people["lea"], now=NOW, version=note, finding=Finding.OFFICE)
    assert client_for().get(f"/resultats/{row.number}/version-accessible/").status_code == 404


def test_a_document_that_the_readers_of_the_result_have_already_may_serve(group: Group, client_for: Any) -> None:
    row, note = group.published(), note_of_the_group(group)
    type(note.document).objects.update(circle="partners")
    lea = client_for(group.people["lea"])
    assert lea.post(door(group, row), {"version": note.pk}).status_code == 422  # the result is public, not the document
    publishing.change_circle(row, by=group.people["lea"], now=NOW, circle=Circle.PARTNERS)
    assert "tous ceux qui le lisent pourront ouvrir ce fichier aussitôt" in lea.get(door(group, row)).content.decode()
    assert lea.post(door(group, row), {"version": note.pk}).status_code == 302
    assert Deliverable.objects.get().accessible_file == note


def test_once_the_group_was_asked_those_in_charge_bring_it_and_the_lead_once_it_is_published(group: Group) -> None:
    row = group.submitted()
    with pytest.raises(Refused, match="remettez d’abord le livrable au travail"):
        preparing.attach_file(row, by=group.people["anne"], now=NOW, file=a_file("x"), finding=Finding.OFFICE, accessible=True)
    with pytest.raises(NotAllowed):
        brought(group, row, "anne")
    brought(group, row, "samuel")
    preparing.validate_at_meeting(row, by=group.people["lea"], now=NOW, meeting_number=3, meeting_on=TODAY)
    said = {"title": "Guide", "summary": "Pour ouvrir.", "access": Access.VERSION}
    publishing.publish(row, by=group.people["lea"], now=NOW, **said)
    with pytest.raises(NotAllowed):
        brought(group, row, "samuel")
    brought(group, row, "lea")
    assert Entry.objects.filter(act="deliverables.replace_accessible").count() == 2
    assert preparing.replace_accessible.name == "deliverables.replace_accessible"


def test_before_the_publication_too_a_document_of_the_group_stays_its_own(group: Group, client_for: Any) -> None:
    row, note = group.validated(), note_of_the_group(group)
    with pytest.raises(Refused, match="ne lisent pas ce document"):
        preparing.replace_accessible(row, by=group.people["lea"], now=NOW, version=note, finding=Finding.OFFICE)
    upload = SimpleUploadedFile("clair.txt", b"En clair.")
    assert client_for(group.people["lea"]).post(door(group, row), {"file": upload}).status_code == 302
    assert Deliverable.objects.get().accessible_file.filename == "clair.txt"


def test_the_accessible_version_that_a_publication_counts_on_stays_accessible(group: Group) -> None:
    row = group.validated()
    by = {"by": group.people["lea"], "now": NOW}
    preparing.replace_accessible(row, file=tagged_pdf(), finding=Finding.TAGGED, **by)
    publishing.publish(row, title="Guide", summary="Pour ouvrir.", access=Access.VERSION, **by)
    with pytest.raises(Refused, match="La version accessible ne l’est pas : PDF sans balises"):
        preparing.replace_accessible(row, file=untagged_pdf(), finding=Finding.UNTAGGED, **by)
    row.refresh_from_db()
    assert (row.accessible_finding, row.accessible_file.filename) == ("tagged", "guide.pdf")


def test_the_accessible_version_of_a_former_text_is_not_that_of_the_new_one(group: Group) -> None:
    first = group.published()
    brought(group, first, "lea")
    first.refresh_from_db()
    second = publishing.start_version(first, by=group.people["lea"], now=NOW)
    assert second.accessible_file == first.accessible_file
    preparing.attach_file(second, by=group.people["anne"], now=NOW, file=a_file("Un autre texte."), finding=Finding.OFFICE)
    assert (second.accessible_file, second.accessible_finding) == (None, "")
    first.refresh_from_db()
    assert first.accessible_file is not None
