"""Contributions that come otherwise than by the form: typed in by an agent for somebody, received by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.contributions.acts import deposit_files as files
from dialogue.contributions.acts.deposit import campaign_is_open, reception, settle_reception, tidy
from dialogue.contributions.acts.rows import index, next_number
from dialogue.contributions.models import MAX_TEXT, Campaign, Contribution
from dialogue.contributions.stages import Naming, Stage, ThemeSource, Via
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date


class File(Protocol):
    """A file of a mail."""

    name: str
    data: bytes


def _received(campaign: Campaign, *, now: datetime, fields: dict[str, Any], **more: Any) -> Contribution:
    """A row that is received as it is made."""
    row = Contribution(number=next_number(), campaign=campaign, stage=Stage.RECEIVED, **{"written_at": now} | more | fields)
    for name, value in reception(row, now=now).items():
        setattr(row, name, value)
    row.save()
    return row


@act("contributions.enter", creates=True, record=("written_on",))
def enter(campaign: Campaign, *, by: Any, now: datetime, written_on: date | None = None, **fields: Any) -> Contribution:
    """On behalf of somebody who wrote on paper, said it at a meeting or by telephone; also once the campaign is closed.

    `written_on`: the day on the paper. The theme, if one is given, is what the author wrote: else the team sorts. Raises Refused.
    """
    kept = tidy(fields, source=ThemeSource.AGENT)
    if not kept.get("title") or not kept.get("text", "").strip():
        raise Refused(_("Une contribution a besoin d’un titre et d’un texte."))
    if written_on is not None and written_on > local_date(now):
        raise Refused(_("La date du papier est passée, ou c’est celle d’aujourd’hui."))
    at = timezone.make_aware(datetime.combine(written_on, time(12))) if written_on else now
    row = _received(campaign, now=now, fields=kept, via=Via.AGENT, entered_by_id=by.pk, written_at=min(at, now))
    settle_reception(row, now=now)
    return row


@act("contributions.receive_by_api", creates=True)
def receive_by_api(
    campaign: Campaign,
    *,
    by: Any,
    now: datetime,
    external_id: str,
    values: dict[str, Any],
    naming: Naming,
    may_publish: bool,
    tell_author: bool,
) -> Contribution:
    """What another tool of the Département received, as a line of an import (`importing.lines` gives `values`): the same identifier
    is taken once in a campaign. Raises Refused for one that is there already."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)  # two at once are heard one after the other
    if Contribution.objects.filter(campaign=campaign, external_id=external_id).exists():
        raise Refused(_("Une contribution de cette campagne porte déjà cet identifiant."))
    same = {"via": Via.IMPORT, "entered_by_id": by.pk, "external_id": external_id, "naming": naming, "may_publish": may_publish}
    row = _received(campaign, now=now, fields=values, **same)
    if tell_author:
        settle_reception(row, now=now)
    else:
        index([row])
    return row


@act("contributions.receive_by_mail", guards=[campaign_is_open], creates=True)
def receive_by_mail(
    campaign: Campaign,
    *,
    by: Any,
    now: datetime,
    title: str,
    text: str,
    sender: str,
    sender_name: str = "",
    person: Any = None,
    attached: Iterable[File] = (),
    not_kept: dict[str, str] | None = None,
) -> Contribution:
    """What somebody wrote to the campaign's address. Not shown before its author agrees, by the link of the acknowledgement; its
    place and theme are for the team. The acknowledgement says which files were not
    kept, and `not_kept` receives them (name → sentence). Raises Refused when nothing of it could be kept."""
    fields = {
        "title": " ".join(title.split()) or _("Contribution reçue par courriel"),
        "text": text[:MAX_TEXT] or _("Voir le fichier joint."),
        "author_email": sender[:254],
        "author_name": sender_name[:120],
        "naming": Naming.ANONYMOUS,
    }
    row = _received(campaign, now=now, fields=tidy(fields), via=Via.MAIL, person=person)
    refused = {} if not_kept is None else not_kept
    if len(text) > MAX_TEXT:
        files.keep_bytes(row, text.encode(), "texte-entier.txt", now=now)
    for file in attached:
        try:
            files.keep_bytes(row, file.data, file.name, now=now)
        except Refused as refusal:
            refused[file.name] = " ".join(map(str, refusal.reasons))
    if not text.strip() and not row.attachments.exists():
        raise Refused(*(f"{name} : {why}" for name, why in refused.items()))
    settle_reception(row, now=now, not_kept=[f"{name} : {why}" for name, why in refused.items()])
    return row
