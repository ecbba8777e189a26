"""What is published: the gatherings, the points of each, the conference; files, versions and their differences."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dialogue.chantiers.models import Chantier
from dialogue.formats.json import is_whole
from dialogue.restitution import gatherings, pdf, reading, slides
from dialogue.restitution.content import differences
from dialogue.restitution.facts import ANYBODY
from dialogue.restitution.models import Conference, ProgressPoint, Version
from dialogue.restitution.reading import ConferenceRead, PointRead
from dialogue.restitution.still import conference_for, point_for, sealed_for
from dialogue.restitution.views.doors import conference_of, gathering_of, point_of

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
#: `?edition=partenaires`: with the météo and what else is the partners'.
PARTNERS = "partenaires"


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every gathering for which something is published, latest first."""
    points = ProgressPoint.objects.filter(published_at__isnull=False).select_related("territory").order_by("territory__order")
    conferences = {row.series: row for row in Conference.objects.filter(published_at__isnull=False)}
    known = {each: each for each in gatherings.known(request.user)}
    found: dict[gatherings.Gathering, list[ProgressPoint]] = {row.gathering: [] for row in conferences.values()}
    for point in points:
        found.setdefault(point.gathering, []).append(point)
    rows = [
        (known.get(each, each), told, conferences.get(each.series) if each.is_conference else None)
        for each, told in found.items()
    ]
    rows.sort(key=lambda row: (str(row[0].first_day or ""), row[0].series), reverse=True)
    return render(request, "restitution/index.html", {"rows": rows})


@require_GET
def gathering(request: HttpRequest, slug: str) -> HttpResponse:
    """The conference when it is published; else the territories of which the point is."""
    found = gathering_of(request.user, slug)
    rows = ProgressPoint.objects.filter(kind=found.kind, series=found.series, published_at__isnull=False)
    points = list(rows.select_related("territory").order_by("territory__order"))
    paper = Conference.objects.filter(series=found.series, published_at__isnull=False).first() if found.is_conference else None
    context: dict[str, Any] = {"gathering": found, "points": [(point, found.date_in(point.territory_id)) for point in points]}
    if paper is None:
        return render(request, "restitution/gathering.html", context)
    version, versions = _asked(request, paper)
    context |= _shown(request, paper, version, versions) | {"read": conference_for(_reader(request), version)}
    return render(request, "restitution/conference.html", context)


@require_GET
def point(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    found = point_of(ANYBODY, slug, code)
    version, versions = _asked(request, found)
    context = _shown(request, found, version, versions)
    context |= {"point": found, "read": point_for(_reader(request), version), "territory": found.territory}
    return render(request, "restitution/point.html", context)


def _reader(request: HttpRequest) -> Any:
    """With the eyes of the public when a partner asks for it (`?comme=public`)."""
    return ANYBODY if request.GET.get("comme") == "public" else request.user


def _shown(request: HttpRequest, paper: Any, version: Version, versions: list[Version]) -> dict[str, Any]:
    return {
        "paper": paper,
        "gathering": gatherings.one(request.user, paper.gathering.slug),
        "version": version,
        "versions": versions,
        "is_latest": version == versions[0],
        "is_whole": is_whole(*sealed_for(_reader(request), version), version),
        "as_public": request.GET.get("comme") == "public",
        "is_partner": bool(getattr(request.user, "is_partner", False)),
        "query": _query(version, versions[0]),
    }


def _query(version: Version, latest: Version) -> str:
    return "" if version == latest else f"version={version.number}"


def _asked(request: HttpRequest, paper: Any) -> tuple[Any, list[Any]]:
    """(the version asked for, the published ones, latest first); 404 for one that nobody published."""
    versions = list(paper.versions.visible_to(ANYBODY).order_by("-number"))
    wanted = request.GET.get("version", "")
    chosen = next((version for version in versions if not wanted or str(version.number) == wanted), None)
    if chosen is None:
        raise Http404
    return chosen, versions


# Files -----------------------------------------------------------------------------------------------------------------


@require_GET
def point_file(request: HttpRequest, slug: str, code: str, what: str) -> HttpResponse:
    found = point_of(ANYBODY, slug, code)
    version, _versions = _asked(request, found)
    return _file(request, version, point_for(_edition(request), version), what, f"point-etape-{code}-{slug}")


@require_GET
def conference_file(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    version, _versions = _asked(request, conference_of(ANYBODY, slug))
    return _file(request, version, conference_for(_edition(request), version), what, f"restitution-{slug}")


def _edition(request: HttpRequest) -> Any:
    """Everybody's edition, unless a partner asks for theirs."""
    if request.GET.get("edition", "") != PARTNERS:
        return ANYBODY
    if not getattr(request.user, "is_partner", False):
        raise Http404
    return request.user


def _file(request: HttpRequest, version: Version, read: PointRead | ConferenceRead, what: str, name: str) -> HttpResponse:
    """Made again when asked: the same version gives the same bytes."""
    seal = version.sha256_reserved if read.for_partners else version.sha256
    shown = "-".join(str(entry.number) for entry in _entries(read))
    etag = f'"{seal[:32]}-{version.number}-{what}-{get_language()}-{shown}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    name = f"{name}-v{version.number}{'-partenaires' if read.for_partners else ''}"
    if what == "pptx":
        response = HttpResponse(slides.as_pptx(version, read, _sheets(read)), content_type=PPTX)
        response["Content-Disposition"] = f'attachment; filename="{name}.pptx"'
    else:
        made = slides.as_pdf(version, read, _sheets(read)) if what == "slides" else _document(version, read)
        response = HttpResponse(made, content_type="application/pdf")
        suffix = "-diapositives" if what == "slides" else ""
        response["Content-Disposition"] = f'inline; filename="{name}{suffix}.pdf"'
    response["ETag"] = etag
    return response


def _entries(read: PointRead | ConferenceRead) -> list[reading.Entry]:
    points = [read] if isinstance(read, PointRead) else read.points
    return [entry for each in points for entry in each.entries]


def _sheets(read: PointRead | ConferenceRead) -> list[slides.Sheet]:
    return slides.of_point(read) if isinstance(read, PointRead) else slides.of_conference(read)


def _document(version: Version, read: PointRead | ConferenceRead) -> bytes:
    return pdf.of_point(version, read) if isinstance(read, PointRead) else pdf.of_conference(version, read)


# Versions --------------------------------------------------------------------------------------------------------------


@require_GET
def compare_points(request: HttpRequest, slug: str, code: str, before: int, after: int) -> HttpResponse:
    found = point_of(ANYBODY, slug, code)
    old, new = _two(found, before, after)
    changes = differences(reading.parts(point_for(request.user, old)), reading.parts(point_for(request.user, new)))
    return _compared(request, found, old, new, changes, _("Point d’étape : %(name)s") % {"name": found.territory.name})


@require_GET
def compare_conferences(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponse:
    found = conference_of(ANYBODY, slug)
    old, new = _two(found, before, after)
    told = [reading.conference_parts(conference_for(request.user, version)) for version in (old, new)]
    return _compared(request, found, old, new, differences(*told), found.gathering.title)


def _two(paper: Any, before: int, after: int) -> tuple[Any, Any]:
    versions = {version.number: version for version in paper.versions.visible_to(ANYBODY)}
    if before not in versions or after not in versions or before >= after:
        raise Http404
    return versions[before], versions[after]


def _compared(request: HttpRequest, paper: Any, old: Any, new: Any, changes: list[Any], name: str) -> HttpResponse:
    context = {"paper": paper, "before": old, "after": new, "changes": changes, "name": name}
    return render(request, "restitution/compare.html", context)


@require_GET
def join(request: HttpRequest, number: int) -> HttpResponse:
    """The short address of slides and QR codes: to the request to join."""
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user).only("slug"), number=number)
    return redirect("chantiers:join", chantier.slug)
