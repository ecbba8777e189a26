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
from dialogue.ui.templatetags.ui import error_links


@dataclass
class VoteRow:
    """One proposition on the agenda and the form of its vote. `told`: who will hear of it; `is_filled`: an outcome is chosen."""

    proposition: Proposition
    form: VoteForm
    told: str
    is_filled: bool = False

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """What is to be corrected in it: (anchor, sentence), for the summary at the head of the screen."""
        links = error_links(self.form) if self.form.is_bound and self.form.errors else []
        label = self.proposition.label
        return [(anchor or f"p{self.proposition.number}", f"{label} · {sentence}") for anchor, sentence in links]


def rows_of(session: AssemblySession, reader: Any, data: QueryDict | None, today: date) -> list[VoteRow]:
    """The propositions whose vote is to be recorded (3 queries). With `data`, each row keeps what was typed in it; those that are
    sent (`row`: one alone, or all that have an outcome) are judged, the others only shown."""
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
        typed = _typed(data, prefix) if data is not None else {}
        is_filled = bool(typed.get("outcome"))
        is_sent = is_filled and data is not None and data.get("row", "") in {"", str(row.number)}
        form = VoteForm(data if is_sent else None, prefix=prefix, initial=initial | typed)
        rows.append(VoteRow(row, form, pages.told_words(row), is_filled))
    if rows and data is None:
        rows[0].form.fields["outcome"].widget.attrs["autofocus"] = True
    return rows


def _typed(data: QueryDict, prefix: str) -> dict[str, Any]:
    """What stands in the fields of a row."""
    names = {name: f"{prefix}-{name}" for name in VoteForm.base_fields}
    return {name: data[key] for name, key in names.items() if key in data}
