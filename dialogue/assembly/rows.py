"""The rows of the quick screen: one vote each, its number, matter and effectif proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from dialogue.assembly import pages
from dialogue.assembly.forms.votes import VoteForm
from dialogue.assembly.matters import MATTERS
from dialogue.assembly.models import AssemblySession, Proposition, Resolution
from dialogue.assembly.numbering import next_numbers
from dialogue.assembly.stages import PropositionStage


@dataclass
class VoteRow:
    """One proposition on the agenda and the form of its vote. `told`: who will hear of it."""

    proposition: Proposition
    form: VoteForm
    told: str


def rows_of(session: AssemblySession, reader: Any, data: QueryDict | None, today: date) -> list[VoteRow]:
    """The propositions whose vote is to be recorded (3 queries). With `data`, each row keeps what was typed in it."""
    found = Proposition.objects.visible_to(reader).filter(session=session, stage=PropositionStage.TABLED)
    waiting = list(pages.with_told(found).select_related("chantier").order_by("number"))
    numbers = next_numbers(session, len(waiting))
    last = Resolution.objects.filter(session=session).exclude(matter_code="").order_by("-recorded_at", "-pk").first()
    rows = []
    for row, number in zip(waiting, numbers, strict=True):
        initial = {
            "number": number,
            "date": min(session.date, today),
            "object": row.title,
            "members_count": session.members_count,
            "adopted_text": row.text,
            "matter_code": f"{last.matter_code} {MATTERS.get(last.matter_code, '')}".strip() if last else "",
        }
        prefix = f"p{row.number}"
        form = VoteForm(data if data is not None and f"{prefix}-outcome" in data else None, prefix=prefix, initial=initial)
        rows.append(VoteRow(row, form, pages.told_words(row)))
    if rows and data is None:
        rows[0].form.fields["outcome"].widget.attrs["autofocus"] = True
    return rows
