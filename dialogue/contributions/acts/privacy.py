"""People who leave, organisations that become one: what they wrote stays, under the name that may still be shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from dialogue.contributions.acts.deposit import author_fields
from dialogue.contributions.acts.deposit_files import erase_all
from dialogue.contributions.acts.rows import index
from dialogue.contributions.authors import author_key
from dialogue.contributions.models import AddressProof, Contribution, Support
from dialogue.contributions.rules import deposit as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.stages import Naming, Stage
from dialogue.ledger.acts import act


def written_by(person: Any) -> Q:
    """Rows of contributions or supports that are this person's: by their account, or by the address that they proved."""
    return Q(person=person) | Q(author_email__iexact=person.email)


@act("contributions.forget_author", creates=True)
def forget_author(_nothing: None, *, by: Any, now: datetime, person: Any) -> Any:
    """An account is being closed: name, address and telephone go, what an organisation said stays said; drafts are erased."""
    for draft in Contribution.objects.filter(written_by(person), stage=Stage.DRAFT):
        erase_all(draft)
        draft.delete()
    rows = list(Contribution.objects.filter(written_by(person)).select_related("organisation", "commune"))
    for row in rows:
        AddressProof.objects.filter(contribution=row).delete()
        row.person = None
        row.author_name = row.author_email = row.author_phone = ""
        row.wants_news = False
        if row.naming == Naming.NAME:
            row.naming = Naming.ANONYMOUS
        row.shown_name = author_fields(row)["shown_name"]
    # Counted apart from others as before: the hash names nobody.
    fields = ["person", "author_name", "author_email", "author_phone", "wants_news", "naming", "shown_name"]
    Contribution.objects.bulk_update(rows, fields, batch_size=200)
    index(rows)
    supports = Support.objects.filter(written_by(person))
    supports.filter(confirmed_at=None).delete()
    supports.update(person=None, author_email="")
    return person


@act("contributions.move_to_organisation", creates=True)
def move_to_organisation(_nothing: None, *, by: Any, now: datetime, source: Any, into: Any) -> Any:
    """`source` is merged into `into`: its contributions and supports are now those of the kept one; each author counts once."""
    rows = list(Contribution.objects.filter(organisation=source).select_related("person", "commune"))
    for row in rows:
        row.organisation = into
        row.__dict__.update(author_fields(row))
    Contribution.objects.bulk_update(rows, ["organisation", "author_key", "shown_name"], batch_size=200)
    index(rows)
    key = author_key(organisation=into)
    for support in Support.objects.filter(organisation=source):
        twin = Support.objects.filter(contribution=support.contribution_id, author_key=key).exclude(pk=support.pk).first()
        if twin is not None and (twin.confirmed_at or not support.confirmed_at):
            support.delete()
            continue
        if twin is not None:
            twin.delete()
        Support.objects.filter(pk=support.pk).update(organisation=into, author_key=key)
    return into
