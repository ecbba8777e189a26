"""What everybody reads: the carnets, their photos and sounds, their files to download."""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from dialogue.formats.json import is_whole
from dialogue.logbook import book
from dialogue.logbook.darkroom import FORMATS, plain_of
from dialogue.logbook.models import BoundFile, Edition, LogbookEntry, Placement
from dialogue.logbook.rules import may_edit
from dialogue.logbook.stages import OUT, EditionStage, EntryKind, Format, Treatment

IMAGE_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
FILE_TYPES = {Format.PDF: "application/pdf", Format.EPUB: "application/epub+zip"}
SOUND_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4"}
#: Seconds that a browser may keep what is published: an agreement that ends takes it from our pages at once.
KEPT = 3600
#: The most that one answer gives of a sound; the player asks for the rest.
PIECE = 2 << 20


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The last carnet on its cover, and all the others."""
    editions = list(Edition.objects.published().light())
    context = {"editions": editions[1:], "last": editions[0] if editions else None, "may_edit": may_edit(request.user)}
    return render(request, "logbook/home.html", context)


@require_GET
def edition(request: HttpRequest, edition: str) -> HttpResponse:
    """A carnet, whole; one that was corrected stays readable and says so."""
    found = get_object_or_404(Edition.objects.visible_to(request.user).filter(stage__in=OUT), slug=edition)
    return render(request, "logbook/edition.html", page_of(found) | {"may_edit": may_edit(request.user)})


def page_of(found: Edition) -> dict[str, Any]:
    """What the page of an edition shows, published or not (7 queries at most)."""
    told = book.read(found)
    others = list(Edition.objects.published().light().exclude(pk=found.pk))
    standing = next((each for each in others if each.number == found.number), None)
    return {
        "edition": found,
        "is_whole": found.stage not in OUT or is_whole(found.content, found.sha256, found),
        "book": told,
        "newer": standing if found.stage == EditionStage.SUPERSEDED else None,
        "older": Edition.objects.light().filter(pk=found.replaces_id).first() if found.replaces_id else None,
        "others": [each for each in others if each.number != found.number][:4],
        "files": {each.format: each for each in found.files.filter(treatment=Treatment.READY)},
    }


def _entry(request: HttpRequest, key: str, kind: EntryKind) -> tuple[LogbookEntry, bool]:
    """(an entry whose file may be shown to this reader, whether everybody may read it). Raises Http404."""
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        raise Http404 from None
    rows = LogbookEntry.objects.filter(key=wanted, kind=kind, treatment=Treatment.READY, consent_ended_at=None)
    entry = get_object_or_404(rows.select_related(None))
    is_out = Placement.objects.filter(entry=entry, chapter__edition__stage__in=OUT).exists()
    if not is_out and not LogbookEntry.objects.visible_to(request.user).filter(pk=entry.pk).exists():
        raise Http404
    return entry, is_out


@require_GET
def photo(request: HttpRequest, key: str, width: int, extension: str) -> HttpResponseBase:
    """A copy of a photo; what was sent is never served."""
    entry, is_out = _entry(request, key, EntryKind.PHOTO)
    if width not in entry.widths or extension not in FORMATS or (extension == "jpg" and width != plain_of(entry.widths)):
        raise Http404
    return _file(request, entry.stored(f"{width}.{extension}"), IMAGE_TYPES[extension], is_public=is_out)


@require_GET
def sound(request: HttpRequest, key: str, extension: str) -> HttpResponseBase:
    """A sound, piece by piece if the player asks so (RFC 9110, 14)."""
    entry, is_out = _entry(request, key, EntryKind.SOUND)
    if extension != entry.sound:
        raise Http404
    name, kind = entry.stored(f"sound.{extension}"), SOUND_TYPES[extension]
    asked = re.fullmatch(r"bytes=(\d{1,12})-(\d{0,12})", request.headers.get("Range", ""))
    if asked is None:
        response = _file(request, name, kind, is_public=is_out)
        response["Accept-Ranges"] = "bytes"
        return response
    return _piece(name, kind, int(asked[1]), int(asked[2] or 1 << 40))


def _piece(name: str, kind: str, start: int, end: int) -> HttpResponse:
    if not default_storage.exists(name):
        raise Http404
    size = default_storage.size(name)
    if start >= size or end < start:
        refused = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    end = min(end, size - 1, start + PIECE - 1)
    with default_storage.open(name, "rb") as file:
        file.seek(start)
        response = HttpResponse(file.read(end - start + 1), status=HTTPStatus.PARTIAL_CONTENT, content_type=kind)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response


def _file(request: HttpRequest, name: str, kind: str, *, is_public: bool, filename: str = "") -> FileResponse:
    if not default_storage.exists(name):
        raise Http404
    file = default_storage.open(name, "rb")
    response = FileResponse(file, content_type=kind, as_attachment=bool(filename), filename=filename)
    if is_public:
        patch_cache_control(response, public=True, max_age=KEPT)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


@require_GET
def download(request: HttpRequest, edition: str, extension: str) -> HttpResponseBase:
    """The PDF or the EPUB of a published carnet; a page that says so while the worker makes it."""
    if extension not in Format.values:
        raise Http404
    rows = Edition.objects.visible_to(request.user).filter(stage__in=OUT).light()
    found = get_object_or_404(rows, slug=edition)
    bound = BoundFile.objects.visible_to(request.user).filter(edition=found, format=extension).first()
    if bound is None or bound.treatment != Treatment.READY or not default_storage.exists(bound.stored):
        response = render(request, "logbook/waiting.html", {"edition": found, "format": extension}, status=409)
        response["Retry-After"] = "30"
        return response
    filename = f"carnet-{found.number}-{slugify(found.title)}.{extension}"
    return _file(request, bound.stored, FILE_TYPES[Format(extension)], is_public=True, filename=filename)
