"""The agenda, and the calendars to subscribe to."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.formats import ics
from dialogue.people.models import Person
from dialogue.portal import agenda as dates
from dialogue.portal import exports
from dialogue.territories.models import Territory

REFRESH_HOURS = 12


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """All the dates, by month; those to come first, the past in the archive (`?periode=passees`)."""
    territories = list(Territory.objects.all())
    chantiers = list(Chantier.objects.visible_to(request.user).only("slug", "title", "number").order_by("number"))
    choice = dates.Choice.read(request.GET, territories, chantiers)
    rows = dates.rows_for(request.user, choice, request.today)
    page = Paginator(rows, dates.PER_PAGE).get_page(request.GET.get("page"))
    months = [(date(*key, 1), list(group)) for key, group in groupby(page, key=lambda row: (row.day.year, row.day.month))]
    context = {
        "choice": choice,
        "territories": territories,
        "chantiers": chantiers,
        "kinds": dates.KIND_LABELS,
        "page": page,
        "months": months,
    }
    return render(request, "portal/agenda.html", context)


@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """How to have these dates in one's own calendar."""
    chantier = Chantier.objects.visible_to(request.user).filter(slug=request.GET.get("chantier", "")[:80].replace("\x00", "")).first()
    feeds = [(_("Toute la démarche"), reverse("portal:agenda_ics"))]
    if chantier:
        feeds.insert(0, (chantier.title, reverse("portal:chantier_ics", args=[chantier.slug])))
    if request.user.is_authenticated and request.user.is_partner:
        feeds.append((_("Les séances de mes groupes, avec le lieu"), reverse("portal:personal_ics", args=[request.user.calendar_key])))
    territories = [(t.name, reverse("portal:territory_ics", args=[t.code])) for t in Territory.objects.all()]
    context = {
        "feeds": [_addresses(name, path) for name, path in feeds],
        "territories": [_addresses(name, path) for name, path in territories],
    }
    return render(request, "portal/subscribe.html", context)


def _addresses(name: str, path: str) -> dict[str, str]:
    url = exports.absolute(path)
    return {"name": name, "url": url, "webcal": f"webcal://{urlsplit(url).netloc}{path}"}


@require_safe
def agenda_ics(request: HttpRequest) -> HttpResponseBase:
    """The whole process."""
    return _calendar(request, _("Dialogue des territoires"), exports.events_for(request.user))


@require_safe
def territory_ics(request: HttpRequest, code: str) -> HttpResponseBase:
    territory = get_object_or_404(Territory, code=code)
    name = _("Dialogue des territoires : %(territory)s") % {"territory": territory.name}
    return _calendar(request, name, exports.events_for(request.user, territory=territory.code))


@require_safe
def chantier_ics(request: HttpRequest, slug: str) -> HttpResponseBase:
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    return _calendar(request, chantier.title, exports.events_for(request.user, chantier=chantier.slug))


@require_safe
def personal_ics(request: HttpRequest, key: str) -> HttpResponseBase:
    """One's own groups, with place and link: whoever holds the secret address reads it, until it is changed."""
    # PostgreSQL refuses a NUL even in a comparison.
    person = None if "\x00" in key else Person.objects.active().filter(calendar_key=key).first()
    if person is None or not person.is_partner:
        raise Http404
    response = _calendar(request, _("Mes séances"), exports.events_of_groups(person, groups_of(person)), dated=False)
    patch_cache_control(response, private=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def _calendar(request: HttpRequest, name: str, events: list[ics.Event], *, dated: bool = True) -> Any:
    """The file, or 304 when the reader has it already. `dated`: with Last-Modified; not where membership changes what is
    told without any date having changed."""
    url = exports.absolute(request.path)
    body = ics.calendar(name, events, url=url, refresh_hours=REFRESH_HOURS, generated=request.now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = exports.etag_of(body)
    changed = exports.last_change(events) if dated else None
    if changed:
        response["Last-Modified"] = http_date(changed.timestamp())
    response["Content-Disposition"] = 'inline; filename="agenda.ics"'
    patch_cache_control(response, no_cache=True)
    seconds = int(changed.timestamp()) if changed else None
    return get_conditional_response(request, etag=response["ETag"], last_modified=seconds, response=response)
