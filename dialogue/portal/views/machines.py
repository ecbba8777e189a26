"""What machines read: feed, sitemap, robots, security contact. The public circle alone, whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue.assembly.models import Proposition
from dialogue.chantiers.models import Chantier
from dialogue.contributions.models import Contribution
from dialogue.deliverables.models import Deliverable
from dialogue.evaluation.models import Evaluation, ProcessEvaluation
from dialogue.formats import atom
from dialogue.logbook.models import Edition
from dialogue.pacts.models import Pact, PactAction, PactEdition
from dialogue.portal import exports, news
from dialogue.restitution.published import public_pages
from dialogue.territories.models import Department, Territory, Theme

FEED_ENTRIES = 40
#: The others are found from page to page: a sitemap holds 50,000 addresses at most.
MOST_CONTRIBUTIONS = 5_000
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: Days for which the security contact is good (RFC 9116 recommends less than a year).
EXPIRES_IN = 180
PUBLIC_PAGES = [
    "home", "chantiers", "contributions", "contributions_map", "territories", "themes", "agenda", "process", "help", "legal", "privacy",
    "accessibility", "site_map",
]  # fmt: skip
CLOSED = [
    "/compte/", "/mon-compte/", "/mon-espace/", "/pilotage/", "/assemblee/", "/agenda/personnel/", "/invitations/", "/desinscription/",
    "/contributions/export.", "/enquete/", "/api/v1/", "/integrer/chantiers/", "/integrer/agenda/",
]  # fmt: skip


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """What is new, as Atom."""
    chantiers = Chantier.objects.visible_to(AnonymousUser())
    entries = [exports.feed_entry(item) for item in news.latest(chantiers, FEED_ENTRIES)]
    department = Department.objects.first()
    updated = max((e.updated for e in entries), default=request.now)
    body = atom.feed(
        id=exports.absolute(reverse("portal:home")),
        title=_("Ce qui est nouveau dans les chantiers"),
        url=exports.absolute(reverse("portal:home")),
        self_url=exports.absolute(reverse("portal:feed")),
        entries=entries,
        updated=updated,
        author=department.name if department else _("Département"),
        subtitle=_("Ouvertures, feuilles de route, comptes-rendus, livrables et votes."),
        language=request.LANGUAGE_CODE,
    )
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["Last-Modified"] = http_date(updated.timestamp())
    patch_cache_control(response, no_cache=True)
    etag = exports.etag_of(body)
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, last_modified=int(updated.timestamp()), response=response)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The public pages (sitemaps.org 0.9)."""
    root = Element("urlset", xmlns=SITEMAP)
    pages: list[tuple[str, datetime | None]] = [(reverse(f"portal:{name}"), None) for name in PUBLIC_PAGES]
    pages.append((reverse("deliverables:results"), None))
    pages += [(reverse(f"opendata:{name}"), None) for name in ("datasets", "documentation", "configure")]
    pages += [(t.get_absolute_url(), None) for t in Territory.objects.all()]
    pages += [(t.get_absolute_url(), None) for t in Theme.objects.all()]
    pages += pacts_pages()
    rows = Chantier.objects.visible_to(AnonymousUser()).only("slug", "updated_at")
    pages += [(c.get_absolute_url(), c.updated_at) for c in rows]
    results = Deliverable.objects.visible_to(AnonymousUser()).current().order_by("number").only("number", "changed_at")
    pages += [(d.get_absolute_url(), d.changed_at) for d in results]
    pages.append((reverse("evaluation:process"), None))
    measured = Evaluation.objects.published_to(AnonymousUser()).select_related("chantier")
    pages += [(e.get_absolute_url(), e.published_at) for e in measured]
    pages += [(p.get_absolute_url(), p.published_at) for p in ProcessEvaluation.objects.visible_to(AnonymousUser())]
    pages += public_pages()
    pages.append((reverse("logbook:home"), None))
    pages += [(e.get_absolute_url(), e.published_at) for e in Edition.objects.published().light()]
    newest = Contribution.objects.published_to(AnonymousUser()).order_by("-written_at", "-number").only("number")
    pages += [(c.get_absolute_url(), None) for c in newest[:MOST_CONTRIBUTIONS]]
    pages.append((reverse("assembly:list"), None))
    pages += [(p.get_absolute_url(), None) for p in Proposition.objects.visible_to(AnonymousUser()).only("number")]
    for path, changed in pages:
        url = SubElement(root, "url")
        SubElement(url, "loc").text = exports.absolute(path)
        if changed:
            SubElement(url, "lastmod").text = timezone.localtime(changed).date().isoformat()
    return HttpResponse(tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml; charset=utf-8")


def pacts_pages() -> list[tuple[str, datetime | None]]:
    """The pacts that are published, each of their years once, and their actions."""
    nobody = AnonymousUser()
    pages: list[tuple[str, datetime | None]] = [(reverse("pacts:index"), None)]
    pages += [(row.get_absolute_url(), None) for row in Pact.objects.visible_to(nobody).select_related("territory")]
    editions = PactEdition.objects.visible_to(nobody).select_related("pact__territory").defer("content", "introduction", "report")
    years = {row.get_absolute_url(): row.published_at for row in editions.order_by("pact", "year", "number")}
    pages += years.items()
    pages += [(row.get_absolute_url(), None) for row in PactAction.objects.visible_to(nobody).only("number")]
    return pages


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The demo is not indexed; elsewhere, only what asks to sign in is closed."""
    closed = ["/"] if settings.DEMO else CLOSED
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    if not settings.DEMO:
        lines += ["", f"Sitemap: {exports.absolute(reverse('portal:sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a vulnerability (RFC 9116). Its expiry is security time: real."""
    department = Department.objects.first()
    contact = department.contact_email if department else settings.DEFAULT_FROM_EMAIL
    expires = (timezone.now() + timedelta(days=EXPIRES_IN)).replace(microsecond=0, second=0, minute=0, hour=0)
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {exports.absolute(reverse('portal:security'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
