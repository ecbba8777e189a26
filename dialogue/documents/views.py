"""The library of a group, a document, its files; the toolbox of all the groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.discussion import acts as talk
from dialogue.discussion import mentions
from dialogue.discussion.forms import CommentForm
from dialogue.discussion.models import Comment
from dialogue.discussion.pages import remarks_of
from dialogue.discussion.views import publish
from dialogue.documents import acts, pages
from dialogue.documents.forms import AddForm, CircleForm, DocumentForm, VersionForm, WithdrawForm
from dialogue.documents.models import Document, Version
from dialogue.documents.stages import Nature, Reading
from dialogue.files import judging
from dialogue.ledger.acts import Refused
from dialogue.people.stages import Circle
from dialogue.territories.models import Theme

PER_PAGE = 30
#: What a browser shows by itself: images as their re-encoded copy, a PDF in its own viewer.
SHOWN = {"application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp"}
#: Images that carry the camera's notes (place, hour, serial number): outside the group, only their copy is handed out.
PHOTOGRAPHS = {"image/jpeg", "image/webp"}
PREVIEW_LINES = 120


@login_required
@require_http_methods(["GET", "POST"])
def library(request: HttpRequest, slug: str) -> HttpResponse:
    """The folders, the documents of one or of all, and the form that adds some."""
    chantier = space_of(request, slug)
    may_add = acts.add_document.allows(request.user, chantier)
    if request.method == "POST" and not may_add:
        raise PermissionDenied
    form = _add_form(request, chantier) if may_add else None
    if request.method == "POST" and form is not None and form.is_valid():
        kept, refused = _add_all(request, chantier, form)
        for sentence in refused:
            form.add_error("files", sentence)
        if kept:
            messages.success(request, _("Ajouté : %(titles)s.") % {"titles": ", ".join(kept)})
        if not refused:
            return redirect("documents:list", slug=slug)
    nature = request.GET.get("dossier", "")
    rows = Document.objects.visible_to(request.user).filter(chantier=chantier).select_related("added_by", "chantier").with_last()
    withdrawn = request.GET.get("retires") == "1"
    rows = rows.exclude(withdrawn_at=None) if withdrawn else rows.shown()
    if nature in Nature.values:
        rows = rows.filter(nature=nature)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "chantier": chantier,
        "here": "documents",
        "page": page,
        "form": form,
        "nature": nature,
        "withdrawn": withdrawn,
        "folders": pages.folders_of(chantier, request.user),
    }
    return render(request, "documents/list.html", context, status=422 if form is not None and form.is_bound else 200)


def _add_form(request: HttpRequest, chantier: Chantier) -> AddForm:
    options = {"may_widen": acts.change_circle.allows(request.user, chantier), "public": chantier.circle == Circle.PUBLIC}
    nature = request.GET.get("dossier", "")
    if request.method == "POST":
        return AddForm(request.POST, request.FILES, **options)
    return AddForm(initial={"nature": nature if nature in Nature.values else Nature.WORKING, "circle": Circle.GROUP}, **options)


def _add_all(request: HttpRequest, chantier: Chantier, form: AddForm) -> tuple[list[str], list[str]]:
    """(titles of those kept, sentences on those refused): one bad file does not lose the others."""
    data, kept, refused = form.cleaned_data, [], []
    facts: dict[str, Any] = {
        "nature": data["nature"],
        "circle": data.get("circle") or Circle.GROUP,
        "description": data["description"],
    }
    if len(data["files"]) == 1:
        facts["title"] = data["title"]
    for file in data["files"]:
        try:
            kept.append(acts.add_document(chantier, by=request.user, now=request.now, file=file, **facts).title)
        except Refused as refusal:
            refused.append(f"{file.name} : {' '.join(refusal.reasons)}")
    return kept, refused


@require_GET
def public(request: HttpRequest, slug: str) -> HttpResponse:
    """What the chantier shows of its documents to this reader, without entering the space."""
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user).select_related("theme"), slug=slug)
    rows = Document.objects.visible_to(request.user).shown().filter(chantier=chantier).exclude(circle=Circle.GROUP)
    rows = rows.select_related("chantier").with_last()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/public.html", {"chantier": chantier, "page": page})


@require_GET
def toolbox(request: HttpRequest) -> HttpResponse:
    """« Mutualisation : des outils et des méthodes » (the guide): what each group offers to all."""
    rows = Document.objects.visible_to(request.user).shown().filter(is_shared_tool=True)
    themes = Theme.objects.filter(chantiers__documents__in=rows).distinct()
    theme = request.GET.get("theme", "")
    if theme in {each.code for each in themes}:
        rows = rows.filter(chantier__theme__code=theme)
    page = Paginator(rows.select_related("chantier__theme").with_last(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/toolbox.html", {"page": page, "themes": themes, "theme": theme})


@login_required
@require_GET
def document(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, found = _document(request, slug, pk)
    return _document_page(request, chantier, found)


def _document_page(request: HttpRequest, chantier: Chantier, found: Document, form: CommentForm | None = None) -> HttpResponse:
    versions = list(found.versions.select_related("added_by"))
    reader = request.user
    context = {
        "chantier": chantier,
        "here": "documents",
        "document": found,
        "versions": versions,
        **_shown(versions[0]),
        "uses": pages.uses_of(found, reader),
        "talk": remarks_of(found.thread, request, chantier=chantier, action=_remark_door(found), form=form),
        "may_change": acts.change_document.allows(reader, found),
        "may_show": acts.change_circle.allows(reader, found),
    }
    return render(request, "documents/document.html", context, status=422 if form is not None else 200)


def _shown(last: Version) -> dict[str, Any]:
    """What a page shows of the version that counts, and whether the browser opens it."""
    is_image = last.content_type.startswith("image/")
    return {
        "last": last,
        "has_preview": is_image and last.reading == Reading.NOTHING,
        "opens": last.content_type in SHOWN and (not is_image or last.reading == Reading.NOTHING),
        "text": _excerpt(last),
    }


@require_GET
def shared(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One document that the group shows, for those who do not enter its space."""
    rows = Document.objects.visible_to(request.user).shown().exclude(circle=Circle.GROUP).select_related("chantier").with_last()
    found = get_object_or_404(rows, chantier__slug=slug, pk=pk)
    in_group = _in_group(request.user, found.chantier_id)
    context = {"chantier": found.chantier, "document": found, "in_group": in_group, **_shown(found.last)}
    context["is_copy"] = not in_group and found.last.content_type in PHOTOGRAPHS
    return render(request, "documents/outside.html", context)


def _remark_door(found: Document) -> str:
    from django.urls import reverse

    return reverse("documents:remark", args=[found.chantier.slug, found.pk]) if found.thread_id is None else ""


def _excerpt(version: Version) -> str:
    """The first lines of a text, of which the browser shows nothing by itself."""
    if not version.is_handed_out or version.filename.rpartition(".")[2] not in judging.TEXTS:
        return ""
    with version.file.open("rb") as file:
        lines = judging.read_text(file.read(40_000)).splitlines()
    return "\n".join(lines[:PREVIEW_LINES])


@login_required
@require_POST
def remark(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The first remark opens the thread; the next ones go to the discussion's own door."""
    chantier, found = _document(request, slug, pk)
    if not acts.open_remarks.allows(request.user, found):
        raise PermissionDenied
    members = [person for person in mentions.members_of(chantier) if person.pk != request.user.pk]
    form = CommentForm(request.POST, request.FILES, members=members)

    def post() -> Comment:
        acts.open_remarks(found, by=request.user, now=request.now)
        found.thread.chantier = chantier
        return talk.post_comment(found.thread, by=request.user, now=request.now, **form.facts())

    return publish(request, form, post) or _document_page(request, chantier, found, form)


def _document(request: HttpRequest, slug: str, pk: int) -> tuple[Chantier, Document]:
    chantier = space_of(request, slug)
    rows = Document.objects.visible_to(request.user).select_related("added_by", "thread").with_last()
    found = get_object_or_404(rows, chantier=chantier, pk=pk)
    found.chantier = chantier
    return chantier, found


@require_GET
def download(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponseBase:
    """The file, if this reader may read the document now: asked at each download, never a public address."""
    rows = Version.objects.visible_to(request.user).select_related("document")
    version = get_object_or_404(rows, document__chantier__slug=slug, document_id=pk, number=number)
    in_group = _in_group(request.user, version.document.chantier_id)
    # Earlier versions were not written for those whom the document was shown to later.
    if version.number != version.document.last.number and not in_group:
        raise Http404
    return handed_out(request, version, in_group=in_group)


def handed_out(request: HttpRequest, version: Version, *, in_group: bool) -> HttpResponseBase:
    """The file itself, to a reader who may have it (its page has asked); also for the doors of other rooms. Photographs leave
    the group as their reduced copy."""
    looks = "apercu" in request.GET or "voir" in request.GET
    copy = (version.content_type.startswith("image/") and looks) or (version.content_type in PHOTOGRAPHS and not in_group)
    if not version.is_handed_out or (copy and not default_storage.exists(version.preview_name)):
        return render(request, "documents/waiting.html", {"version": version, "chantier": version.document.chantier}, status=409)
    inline = looks and version.content_type in SHOWN
    name, filename, kind = version.file.name, version.filename, version.content_type
    if copy:
        name, filename, kind = version.preview_name, f"{version.filename.rpartition('.')[0]}.webp", "image/webp"
    if settings.STORAGE_SIGNED_SECONDS and hasattr(default_storage, "bucket"):
        return redirect(_signed(name, filename, kind, inline=inline))
    response = FileResponse(default_storage.open(name, "rb"), as_attachment=not inline, filename=filename, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    # Whatever the file holds, it runs nothing and reaches nothing of the site.
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    if version.content_type == "application/pdf":
        # The browser's own viewer does not open in a sandbox.
        response["Content-Security-Policy"] = "default-src 'none'; object-src 'self'"
    return response


def _signed(name: str, filename: str, kind: str, *, inline: bool) -> str:
    """An address of the S3 storage that lives a few seconds, given after the check."""
    from django.utils.http import content_disposition_header

    disposition = content_disposition_header(not inline, filename) or "attachment"
    parameters = {
        "ResponseContentDisposition": disposition,
        "ResponseContentType": kind,
        "ResponseCacheControl": "private, no-store",
    }
    return str(default_storage.url(name, parameters=parameters, expire=settings.STORAGE_SIGNED_SECONDS))  # type: ignore[call-arg]


def _in_group(reader: Any, chantier_id: int) -> bool:
    return bool(getattr(reader, "is_coordination", False)) or chantier_id in groups_of(reader)


# Changes -----------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def add_version(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, found = _document(request, slug, pk)
    form = VersionForm(request.POST or None, request.FILES or None)
    return _change(request, chantier, found, form, acts.add_version, "version", _("La nouvelle version est en place."))


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, found = _document(request, slug, pk)
    initial = {"title": found.title, "nature": found.nature, "description": found.description}
    form = DocumentForm(request.POST or None, initial=initial)
    return _change(request, chantier, found, form, acts.change_document, "change", _("Le document est à jour."))


@login_required
@require_http_methods(["GET", "POST"])
def circle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, found = _document(request, slug, pk)
    form = CircleForm(request.POST or None, initial={"circle": found.circle}, public=chantier.circle == Circle.PUBLIC)
    return _change(request, chantier, found, form, acts.change_circle, "circle", _("Les lecteurs du document ont changé."))


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, found = _document(request, slug, pk)
    form = WithdrawForm(request.POST or None)
    return _change(request, chantier, found, form, acts.withdraw, "withdraw", _("Le document est retiré."))


@login_required
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """In the toolbox of all the groups: asks first, as it may widen who reads."""
    chantier, found = _document(request, slug, pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    done = _("Le document est dans la boîte à outils commune.")
    return _change(request, chantier, found, form, acts.offer_tool, "offer", done)


def _change(request: HttpRequest, chantier: Chantier, found: Document, form: Any, act: Any, what: str, done: str) -> HttpResponse:
    if not act.allows(request.user, found):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            act(found, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, done)
            return redirect("documents:document", slug=slug_of(found), pk=found.pk)
    context = {"chantier": chantier, "here": "documents", "document": found, "form": form, "what": what}
    if what in {"circle", "offer"}:
        context["readers"] = pages.readers_by_circle(chantier)
    return render(request, "documents/change.html", context, status=422 if form.is_bound else 200)


def slug_of(found: Document) -> str:
    return found.chantier.slug


#: Moves that need no form: name in the address → act.
MOVES = {"reprendre": acts.take_back_tool, "remettre": acts.put_back}


@login_required
@require_POST
def move(request: HttpRequest, slug: str, pk: int, code: str) -> HttpResponse:
    _chantier, found = _document(request, slug, pk)
    if code not in MOVES:
        raise Http404
    try:
        MOVES[code](found, by=request.user, now=request.now)
        messages.success(request, _("C’est fait."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("documents:document", slug=slug, pk=pk)
