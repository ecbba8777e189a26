"""What the pages of sorting show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _

from dialogue.contributions.forms.sorting import BulkForm, SortForm, initial_of
from dialogue.contributions.letters.answers import has_left
from dialogue.contributions.models import AnswerTemplate, Attachment, Contribution, SortingChange
from dialogue.contributions.pairs import pairs_of, sides_of
from dialogue.contributions.sentences_sorting import SENTENCES
from dialogue.contributions.sorting import COUNTED, LONG, SHORT, Filters, Frame, first_rows, matching_count, queue, to_sort_count
from dialogue.contributions.sorting_hold import LEASE, free_for, is_assigned, other_holder
from dialogue.contributions.stages import AnswerKind, Stage
from dialogue.people.models import Person
from dialogue.territories.models import Theme

#: How long the banner offers to undo one's last act.
UNDO_FOR = timedelta(hours=1)
MOTIVES = (AnswerKind.TO_COMPLETE, AnswerKind.INADMISSIBLE)
RELATED = (
    "campaign", "theme", "second_theme", "territory", "commune", "organisation", "held_by", "suggestion", "qualified_by", "person",
    "merged_into",
)


@dataclass(frozen=True)
class Guess:
    """A theme that the machine suggests: `key` of the keyboard, `percent` of confidence, the words that speak for it."""

    key: int
    theme: Theme
    percent: int
    words: list[str]


@dataclass(frozen=True)
class Undo:
    """One's last act, as long as it can be undone."""

    change: SortingChange
    sentence: str
    group_size: int


def guesses_of(contribution: Contribution, frame: Frame) -> list[Guess]:
    """The three themes suggested; what the machine wrote is trusted for nothing but its shape."""
    suggestion = getattr(contribution, "suggestion", None)
    found = []
    for each in (suggestion.themes if suggestion else [])[:3]:
        theme = frame.theme(str(each.get("theme", "")))
        if theme is not None:
            percent = round(100 * float(each.get("confidence", 0)))
            found.append(Guess(len(found) + 1, theme, percent, [str(word) for word in each.get("words", [])][:5]))
    return found


def places_of(contribution: Contribution) -> list[dict[str, str]]:
    suggestion = getattr(contribution, "suggestion", None)
    return [place for place in (suggestion.places if suggestion else []) if place.get("commune")][:4]


def focus_of(reader: Any, number: int | None) -> Contribution | None:
    """The contribution in focus, with all that its page needs; None when it is not there."""
    if number is None:
        return None
    files = Attachment.objects.filter(contribution=OuterRef("pk")).order_by().values("contribution").annotate(n=Count("pk")).values("n")
    rows = Contribution.objects.visible_to(reader).select_related(*RELATED).annotate(files=Subquery(files))
    return rows.filter(number=number).first()


def my_undo(reader: Any, now: datetime) -> Undo | None:
    """One's last act of sorting, when it may still be undone."""
    made = SortingChange.objects.visible_to(reader).filter(by_id=reader.pk).select_related("contribution").order_by("-pk").first()
    if made is None or made.undone_at is not None or made.at < now - UNDO_FOR or made.revision != made.contribution.revision:
        return None
    if made.letter and has_left(made.contribution, made.letter):
        return None
    size = SortingChange.objects.filter(group=made.group, undone_at=None).count() if made.group else 1
    return Undo(made, str(SENTENCES[made.act]), size)


def sort_page(
    reader: Any,
    filters: Filters,
    frame: Frame,
    focus: Contribution | None,
    *,
    now: datetime,
    today: date,
    at: datetime,
    long: bool = False,
    form: SortForm | None = None,
    bulk: BulkForm | None = None,
) -> dict[str, Any]:
    """The queue, the one in focus, and what may be done with it."""
    everything = queue(reader, filters, frame, today)
    rows = first_rows(everything.filter(free_for(reader, at)), filters, LONG if long else SHORT)
    if focus is None and rows:
        focus = focus_of(reader, rows[0].number)
    total = to_sort_count() if filters.is_empty else matching_count(everything)
    context = {
        "part": "sort",
        "filters": filters,
        "frame": frame,
        "rows": rows,
        "long": long,
        "total": total,
        "is_more": not filters.is_empty and total > COUNTED,
        "undo": my_undo(reader, now),
        "bulk": bulk or BulkForm(frame=frame, people=Person.objects.coordinators().order_by("name")),
        "focus": focus,
    }
    if focus is not None:
        context |= focus_context(reader, focus, frame, at=at, today=today, form=form)
    return context


def templates_for(reader: Any, kinds: Any) -> Any:
    return AnswerTemplate.objects.visible_to(reader).filter(kind__in=kinds)


def focus_context(
    reader: Any, focus: Contribution, frame: Frame, *, at: datetime, today: date, form: SortForm | None = None
) -> dict[str, Any]:
    guesses = guesses_of(focus, frame)
    codes = [guess.theme.code for guess in guesses]
    holder = other_holder(focus, reader, at)
    return {
        "guesses": guesses,
        "places": places_of(focus),
        "form": form or SortForm(initial=initial_of(focus, codes), frame=frame, templates=templates_for(reader, MOTIVES)),
        "holder": holder,
        "is_mine": focus.held_by_id == reader.pk and holder is None,
        "is_assigned": is_assigned(focus, at),
        "is_late": focus.is_late(today),
        "pairs": [(pair, sides_of(pair)) for pair in pairs_of(focus, reader)],
    }


def conflict_of(standing: Contribution, form: SortForm, frame: Frame) -> list[tuple[str, str, str]]:
    """(what, what stands, what was typed) where a form made from an older state differs from what stands."""
    said = form.said
    pairs = [
        (_("Thème"), standing.theme, said["theme"]),
        (_("Second thème"), standing.second_theme, said["second_theme"]),
        (_("Commune"), standing.commune, said["commune"]),
        (_("Territoire"), standing.territory, said["commune"].territory if said["commune"] else said["territory"]),
        (_("Nature"), standing.get_nature_display(), dict(form.fields["nature"].choices).get(said["nature"], "")),  # type: ignore[attr-defined]
    ]
    shown = [(str(what), str(one or "–"), str(other or "–")) for what, one, other in pairs]
    return [(_("État"), str(Stage(standing.stage).label), "–"), *(row for row in shown if row[1] != row[2])]


def holders(reader: Any, at: datetime) -> list[tuple[Person, int]]:
    """Who holds how many, the most first (2 queries)."""
    rows = Contribution.objects.visible_to(reader).filter(held_by__isnull=False, held_at__gte=at - LEASE)
    counted = dict(rows.order_by().values_list("held_by").annotate(n=Count("pk")))
    people = Person.objects.filter(pk__in=counted)
    return sorted(((person, counted[person.pk]) for person in people), key=lambda pair: (-pair[1], str(pair[0])))
