"""What everybody reads of the pacts: all of them, one, its editions, what changed, one action."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogue.formats.json import is_whole
from dialogue.pacts import pages, path, pdf
from dialogue.pacts.acts import actions as acts
from dialogue.pacts.differences import between
from dialogue.pacts.models import PactEdition
from dialogue.pacts.stages import FROZEN, EditionStage
from dialogue.pacts.views.doors import action_of, pact_of


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The pact of each territory."""
    return render(request, "pacts/index.html", {"lines": pages.index_lines(request.user, request.today)})


@require_GET
def pact(request: HttpRequest, code: str) -> HttpResponse:
    """Its issues, its actions and where they stand, its editions."""
    found = pact_of(request, code)
    return render(request, "pacts/pact.html", pages.pact_page(found, request.user, request.today, request.GET))


def _editions(request: HttpRequest, code: str, year: int) -> list[PactEdition]:
    """The adopted editions of a year that this reader may read, latest first."""
    rows = PactEdition.objects.visible_to(request.user).filter(pact__territory__code=code, year=year, stage__in=FROZEN)
    return list(rows.select_related("pact__territory", "resolution__proposition__chantier", "corrects").order_by("-number"))


def _asked(request: HttpRequest, code: str, year: int) -> tuple[PactEdition, list[PactEdition]]:
    """`?edition=1` asks for an older one; without it, the last one published, or else adopted."""
    found = _editions(request, code, year)
    wanted = request.GET.get("edition", "")
    published = [row for row in found if row.stage == EditionStage.PUBLISHED]
    chosen = [row for row in found if str(row.number) == wanted] if wanted else published or found
    if not chosen:
        raise Http404
    return chosen[0], found


@require_GET
def edition(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The operational part of a year, as it was adopted."""
    found, versions = _asked(request, code, year)
    context = pages.edition_page(found, found.content, request.user)
    context |= {"versions": versions, "is_latest": found == versions[0] or versions[0].stage != EditionStage.PUBLISHED}
    context["is_whole"] = is_whole(found.content, found.sha256, found)
    return render(request, "pacts/edition.html", context)


@require_GET
def edition_pdf(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """In the language in which it was frozen, whoever asks."""
    found, _versions = _asked(request, code, year)
    etag = f'"{found.sha256[:32]}-{found.stage}-{settings.LANGUAGE_CODE}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    response = HttpResponse(pdf.of_edition(found), content_type="application/pdf")
    response["Content-Language"] = settings.LANGUAGE_CODE
    suffix = f"-edition-{found.number}" if found.number > 1 else ""
    response["Content-Disposition"] = f'inline; filename="pacte-{code}-{year}{suffix}.pdf"'
    response["ETag"] = etag
    return response


@require_GET
def differences(request: HttpRequest, code: str, year: int, before: int) -> HttpResponse:
    """Between the editions of two years; with the same year twice, between a correction and what it corrects."""
    after, versions = _asked(request, code, year)
    if before == year:
        earlier = next((row for row in versions if row.number < after.number), None)
    else:
        olds = [row for row in _editions(request, code, before) if before < year]
        earlier = next((row for row in olds if row.stage == EditionStage.PUBLISHED), None) or next(iter(olds), None)
    if earlier is None:
        raise Http404
    context: dict[str, Any] = {
        "before": earlier,
        "after": after,
        "pact": after.pact,
        "changes": between(earlier.content, after.content),
    }
    return render(request, "pacts/differences.html", context)


@require_GET
def action(request: HttpRequest, number: int) -> HttpResponse:
    """What it is, where it stands, where it comes from, year after year."""
    found = action_of(request, number)
    context = {
        "action": found,
        "pact": found.pact,
        "path": path.of_action(found, request.user),
        "history": pages.history_of(found, request.user),
        "is_late": found.is_late(request.today),
        "proposition": pages.proposition_of(found, request.user),
        "may_change": acts.change_action.allows(request.user, found),
    }
    return render(request, "pacts/action.html", context)
