"""The priority issues of the pacts: all on one screen, and one territory at a time with the words of each issue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.ledger.acts import Refused
from dialogue.territories import acts
from dialogue.territories.acts.priorities import Change, Conflict, changes, priorities_now
from dialogue.territories.models import Territory, Theme
from dialogue.territories.priorities import Sheet, read_form
from dialogue.territories.views.doors import door_of

#: What one's last save changed, so that it can be undone, in one's session.
LAST = "priorities_last"


def _save(request: HttpRequest, rows: list[Change]) -> list[tuple[int, int]]:
    """Does it and says so; answers the pairs that somebody else changed meanwhile, in which case nothing is written."""
    if not rows:
        messages.info(request, _("Rien n’a changé."))
        return []
    try:
        acts.set_priorities(None, by=request.user, now=request.now, rows=rows, count=len(rows))
    except Conflict as conflict:
        messages.error(request, conflict.reasons[0])
        return conflict.pairs
    request.session[LAST] = [(row.territory, row.theme, row.was, row.wanted) for row in rows]
    sentence = ngettext("%(n)d priorité est modifiée.", "%(n)d priorités sont modifiées.", len(rows))
    messages.success(request, sentence % {"n": len(rows)})
    return []


def _page(request: HttpRequest, sheet: Sheet, template: str, **context: Any) -> HttpResponse:
    clashes: list[tuple[int, int]] = []
    if request.method == "POST":
        shown, wanted = read_form(request.POST, sheet)
        clashes = _save(request, changes(shown, wanted))
        if not clashes:
            return redirect(request.path)
        sheet = sheet.after_conflict(priorities_now(), wanted, shown, clashes)
    context |= {"sheet": sheet, "here": "choose", "part": "priorities", "undoable": LAST in request.session}
    return render(request, template, context, status=409 if clashes else 200)


@require_http_methods(["GET", "POST"])
@door_of(acts.set_priorities)
def priorities_page(request: HttpRequest) -> HttpResponse:
    """Themes × territories, one box each; the words of an issue are written on the page of the territory."""
    sheet = Sheet(list(Territory.objects.all()), list(Theme.objects.all()), priorities_now())
    return _page(request, sheet, "territories/priorities.html")


@require_http_methods(["GET", "POST"])
@door_of(acts.set_priorities)
def territory_page(request: HttpRequest, code: str) -> HttpResponse:
    """The issues of one territory, with their words: what a telephone shows, and where statements are written."""
    territory = get_object_or_404(Territory, code=code)
    stands = {pair: words for pair, words in priorities_now().items() if pair[0] == territory.pk}
    sheet = Sheet([territory], list(Theme.objects.all()), stands, with_statements=True)
    return _page(request, sheet, "territories/priorities_of.html", territory=territory)


@require_POST
@door_of(acts.set_priorities)
def undo_page(request: HttpRequest) -> HttpResponse:
    """Takes back one's last save; what somebody changed again since then is left alone, and said."""
    rows = [Change(*row).undone for row in request.session.pop(LAST, [])]
    try:
        acts.set_priorities(None, by=request.user, now=request.now, rows=rows, count=len(rows))
    except Refused as refused:
        messages.error(request, refused.reasons[0])
    else:
        messages.success(request, _("La dernière modification est annulée."))
    return redirect("territories:priorities")
