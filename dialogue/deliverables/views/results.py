"""What the groups have delivered, for everyone: all the results, one of them with its files, the feed."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from dialogue.chantiers.models import groups_of
from dialogue.chantiers.pages import gathered
from dialogue.deliverables import pages
from dialogue.deliverables import results as listed
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Stage
from dialogue.documents.views import SHOWN, handed_out
from dialogue.formats import atom
from dialogue.territories.models import Department

FEED_ENTRIES = 40


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Those of all the chantiers; search and filters in the address."""
    found = listed.explore(request.user, request.GET)
    page = Paginator(found.found, listed.PER_PAGE).get_page(request.GET.get("page"))
    context = {"results": found, "facets": found.facets(), "page": page}
    return render(request, "deliverables/results.html", context)


@require_GET
def result(request: HttpRequest, number: int) -> HttpResponse:
    """One result, for good: when it was replaced, it says by what."""
    rows = Deliverable.objects.visible_to(request.user).out().select_related("chantier__theme", "file", "accessible_file")
    found = get_object_or_404(rows.prefetch_related("chantier__territories"), number=number)
    versions = pages.versions_of(found, request.user)
    newer = next((row for row in versions if row.stage == Stage.PUBLISHED and row.version > found.version), None)
    context = {
        "deliverable": found,
        "chantier": found.chantier,
        "files": pages.file_links(found),
        "versions": versions,
        "newer": newer,
        "blocks": gathered(pages.result_blocks, found, request),
        "opens": found.file is not None and found.file.content_type in SHOWN and not found.file.content_type.startswith("image/"),
        "address": settings.BASE_URL + found.get_absolute_url(),
        "in_group": getattr(request.user, "is_coordination", False) or found.chantier_id in groups_of(request.user),
    }
    return render(request, "deliverables/result.html", context)


@require_GET
def file(request: HttpRequest, number: int, what: str) -> HttpResponseBase:
    """The file of a deliverable, if this reader may read it now: asked at each download. Before the publication, the group's."""
    if what not in pages.FILES:
        raise Http404
    rows = Deliverable.objects.visible_to(request.user).select_related(
        "chantier", *(f"{name}__document__chantier" for name in pages.FILES.values())
    )
    found = get_object_or_404(rows, number=number)
    version = getattr(found, pages.FILES[what])
    if version is None:
        raise Http404
    in_group = bool(getattr(request.user, "is_coordination", False)) or found.chantier_id in groups_of(request.user)
    return handed_out(request, version, in_group=in_group)


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """The last results of the public circle, as Atom, whoever asks."""
    rows = Deliverable.objects.visible_to(AnonymousUser()).current().select_related("chantier").defer("full_text", "stems")
    entries = [_entry(row) for row in rows.order_by("-published_at", "-number")[:FEED_ENTRIES]]
    department = Department.objects.first()
    updated = max((entry.updated for entry in entries), default=request.now)
    body = atom.feed(
        id=settings.BASE_URL + reverse("deliverables:results"),
        title=_("Les résultats des chantiers"),
        url=settings.BASE_URL + reverse("deliverables:results"),
        self_url=settings.BASE_URL + reverse("deliverables:feed"),
        entries=entries,
        updated=updated,
        author=department.name if department else _("Département"),
        subtitle=_("Ce que les groupes de travail ont livré."),
        language=request.LANGUAGE_CODE,
    )
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["Last-Modified"] = http_date(updated.timestamp())
    patch_cache_control(response, no_cache=True)
    response["ETag"] = etag = quote_etag(sha256(body).hexdigest()[:32])
    return get_conditional_response(request, etag=etag, last_modified=int(updated.timestamp()), response=response)


def _entry(row: Deliverable) -> atom.FeedEntry:
    assert row.published_at is not None  # noqa: S101  the database holds it
    url = settings.BASE_URL + row.get_absolute_url()
    title = _("%(title)s (version %(n)d)") % {"title": row.title, "n": row.version} if row.version > 1 else row.title
    return atom.FeedEntry(id=url, title=title, url=url, updated=row.published_at, summary=f"{row.chantier.title}. {row.summary}")
