"""The minutes: read by each circle, corrected by the group, approved, published, rectified; page and PDF say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import groups_of
from dialogue.chantiers.views.space import refuse
from dialogue.discussion.pages import Talk, remarks_of
from dialogue.discussion.stages import Outcome
from dialogue.ledger.acts import Refused
from dialogue.meetings import pdf
from dialogue.meetings.acts import minutes as acts
from dialogue.meetings.content import content_of, corrected_in, differences
from dialogue.meetings.exports import label_of
from dialogue.meetings.forms.minutes import PublishForm, ReviewForm, WriteForm
from dialogue.meetings.models import AgendaItem, Assent, Minutes, MinutesVersion
from dialogue.meetings.stages import OUT, MinutesStage
from dialogue.meetings.views.convening import meeting_of
from dialogue.people.stages import Circle

#: The four steps of the design, and from which stage each is behind.
STEPS = [MinutesStage.DRAFTING, MinutesStage.IN_REVIEW, MinutesStage.APPROVED, MinutesStage.PUBLISHED]


def _found(request: HttpRequest, slug: str, number: int) -> tuple[Minutes, bool]:
    """(minutes that this reader may read, whether they are of the group)."""
    rows = Minutes.objects.visible_to(request.user).select_related("meeting", "chantier__theme", "thread", "approved_by")
    minutes = get_object_or_404(rows.prefetch_related("chantier__territories"), chantier__slug=slug, meeting__number=number)
    minutes.meeting.chantier = minutes.chantier
    inside = bool(getattr(request.user, "is_coordination", False)) or minutes.chantier_id in groups_of(request.user)
    return minutes, inside


def _versions(minutes: Minutes, *, inside: bool) -> list[MinutesVersion]:
    """Latest first; outside the group, the published ones alone."""
    rows = minutes.versions.order_by("-number")
    found = list(rows if inside else rows.exclude(published_at=None))
    for version in found:
        version.minutes = minutes
    return found


@require_GET
def minutes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found, inside = _found(request, slug, number)
    if "apercu" in request.GET:
        if not acts.publish.allows(request.user, found):
            raise Http404
        return _page(request, found, inside=False, log_only=False, preview=True)
    return _page(request, found, inside=inside, log_only=False)


@require_GET
def log(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The relevé de décisions alone."""
    found, inside = _found(request, slug, number)
    return _page(request, found, inside=inside, log_only=True)


def _page(request: HttpRequest, found: Minutes, *, inside: bool, log_only: bool, preview: bool = False) -> HttpResponse:
    """`preview`: the last version as people outside the group would read it, once published."""
    versions = _versions(found, inside=True)[:1] if preview else _versions(found, inside=inside)
    version = _asked(request, versions)
    if version is None and (not inside or found.stage != MinutesStage.DRAFTING):
        raise Http404
    content = version.content if version and found.stage != MinutesStage.DRAFTING else content_of(found.meeting)
    passages = [(item["key"], f"{n}. {item['title']}") for n, item in enumerate(content["items"], 1)]
    talk, counts = None, {}
    if inside and not log_only and found.thread_id:
        texts = {item["key"]: item["notes"] for item in content["items"]}
        talk = remarks_of(found.thread, request, chantier=found.chantier, passages=passages, texts=texts)
        talk = _with_outcomes(talk, found, versions)
        counts = _counts(found)
    context = {
        "chantier": found.chantier,
        "minutes": found,
        "meeting": found.meeting,
        "label": label_of(found.meeting),
        "version": version,
        "versions": versions,
        "content": content,
        "items": [(item, counts.get(item["key"], 0)) for item in content["items"]],
        "talk": talk,
        "inside": inside,
        "starts": datetime.fromisoformat(content["starts_at"]) if content["starts_at"] else None,
        "ends": datetime.fromisoformat(content["ends_at"]) if content["ends_at"] else None,
        "next_starts": datetime.fromisoformat(content["next"]["starts_at"]) if content["next"] else None,
        "log_only": log_only,
        "preview": preview,
        "participants": pdf.participants(content),
        "is_draft": found.stage == MinutesStage.DRAFTING,
        "is_out": found.stage in OUT,
        "is_latest": version is None or version == versions[0],
        **(_tools(request, found) if inside else {}),
    }
    return render(request, "meetings/minutes.html", context)


def _asked(request: HttpRequest, versions: list[MinutesVersion]) -> MinutesVersion | None:
    wanted = request.GET.get("version", "")
    if wanted:
        chosen = next((version for version in versions if str(version.number) == wanted), None)
        if chosen is None:
            raise Http404
        return chosen
    return versions[0] if versions else None


def _with_outcomes(talk: Talk, found: Minutes, versions: list[MinutesVersion]) -> Talk:
    """Each remark that was answered says where it went: the version that corrects, the meeting that will speak of it."""
    discussed = AgendaItem.objects.filter(remark__in=[line.comment.pk for line in talk.lines]).select_related("meeting")
    by_remark = {item.remark_id: item.meeting.number for item in discussed}
    lines = []
    for line in talk.lines:
        words, comment = "", line.comment
        if comment.outcome == Outcome.KEPT and (n := corrected_in(comment.passage_key, comment.at, versions)):
            words = _("Corrigé dans la version %(n)d") % {"n": n}
        elif comment.outcome == Outcome.TO_DISCUSS and comment.pk in by_remark:
            words = _("Renvoyé à la séance %(n)d") % {"n": by_remark[comment.pk]}
        lines.append(replace(line, outcome_words=words))
    return replace(talk, lines=lines)


def _counts(found: Minutes) -> dict[str, int]:
    rows = found.thread.comments.exclude(passage_key="").filter(hidden_at=None).order_by().values_list("passage_key")
    return dict(rows.annotate(n=Count("pk")))


def _tools(request: HttpRequest, found: Minutes) -> dict[str, Any]:
    """What this member of the group may do with the minutes, and what is missing."""
    reader, now = request.user, request.now
    in_review = found.stage == MinutesStage.IN_REVIEW
    return {
        "leads": acts.send_for_review.allows(reader, found),
        "review": ReviewForm(initial={"deadline": ReviewForm.default(request.today)}),
        "missing": acts.send_for_review.obstacles(found, by=reader, now=now) if found.stage == MinutesStage.DRAFTING else [],
        "may_approve": acts.approve.offered(reader, found),
        "holds_back": acts.approve.obstacles(found, by=reader, now=now) if in_review else [],
        "may_publish": acts.publish.offered(reader, found),
        "publish": PublishForm(initial={"circle": found.circle}, widest=Circle(found.chantier.circle)),
        "has_read": in_review and Assent.objects.filter(minutes=found, person_id=reader.pk).exists(),
        "may_assent": in_review and acts.assent.allows(reader, found),
        "assents": found.assents.count() if in_review else 0,
        "told": space_pages.told(found.chantier),
        "steps": [(step, STEPS.index(step)) for step in STEPS],
        "step": min(STEPS.index(found.stage) if found.stage in STEPS else 3, 3),
    }


@require_GET
def as_pdf(request: HttpRequest, slug: str, number: int, what: str) -> HttpResponse:
    """The same content, tagged PDF; made again when asked: the same version gives the same bytes."""
    found, inside = _found(request, slug, number)
    version = _asked(request, _versions(found, inside=inside))
    if version is None or what not in {"compte-rendu", "releve"}:
        raise Http404
    etag = f'"{version.sha256[:32]}-{version.number}-{what}-{get_language()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    response = HttpResponse(pdf.of_version(version, log_only=what == "releve"), content_type="application/pdf")
    name = f"{what}-{slug}-seance-{number}-v{version.number}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["ETag"] = etag
    return response


@require_GET
def compare(request: HttpRequest, slug: str, number: int, before: int, after: int) -> HttpResponse:
    found, inside = _found(request, slug, number)
    versions = {version.number: version for version in _versions(found, inside=inside)}
    if before not in versions or after not in versions or before >= after:
        raise Http404
    context = {
        "chantier": found.chantier,
        "minutes": found,
        "meeting": found.meeting,
        "label": label_of(found.meeting),
        "before": versions[before],
        "after": versions[after],
        "changes": differences(versions[before].content, versions[after].content),
    }
    return render(request, "meetings/minutes_compare.html", context)


# The path ----------------------------------------------------------------------------------------------------------


@login_required
@require_POST
def start(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    _chantier, meeting = meeting_of(request, slug, number)
    try:
        acts.start_minutes(meeting, by=request.user, now=request.now)
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("meetings:meeting", slug=slug, number=number)
    return redirect("meetings:minutes", slug=slug, number=number)


def _of_group(request: HttpRequest, slug: str, number: int) -> Minutes:
    found, inside = _found(request, slug, number)
    if not inside:
        raise PermissionDenied
    return found


@login_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every text on one page: the draft, then corrections (a new version), then a rectification (published, with its reason)."""
    found = _of_group(request, slug, number)
    act = acts.rectify if found.stage in OUT else acts.correct_minutes
    if not act.allows(request.user, found):
        raise PermissionDenied
    drafting = found.stage == MinutesStage.DRAFTING
    if found.stage == MinutesStage.APPROVED:
        messages.error(request, _("Le compte-rendu est approuvé : publiez-le, puis rectifiez-le s’il le faut."))
        return redirect("meetings:minutes", slug=slug, number=number)
    if drafting:
        return redirect("meetings:session", slug=slug, number=number)
    form = WriteForm(request.POST or None, minutes=found, with_note=True)
    if request.method == "POST" and form.is_valid():
        try:
            version = act(found, by=request.user, now=request.now, note=form.cleaned_data["note"], **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La version %(n)d est en place.") % {"n": version.number})
            return redirect("meetings:minutes", slug=slug, number=number)
    context = {
        "chantier": found.chantier,
        "here": "meetings",
        "minutes": found,
        "meeting": found.meeting,
        "label": label_of(found.meeting),
        "form": form,
        "is_out": found.stage in OUT,
        "told": space_pages.told(found.chantier),
    }
    return render(request, "meetings/minutes_write.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def turn(request: HttpRequest, slug: str, number: int, code: str) -> HttpResponse:
    """One turn of the path, from the buttons of the page."""
    found = _of_group(request, slug, number)
    if code not in TURNS:
        raise Http404
    try:
        messages.success(request, TURNS[code](request, found))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("meetings:minutes", slug=slug, number=number)


def _review(request: HttpRequest, found: Minutes) -> str:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise Refused(*[error for errors in form.errors.values() for error in errors])
    acts.send_for_review(found, by=request.user, now=request.now, deadline=form.moment())
    return _("Le brouillon est parti en relecture : le groupe est prévenu.")


def _publish(request: HttpRequest, found: Minutes) -> str:
    form = PublishForm(request.POST, widest=Circle(found.chantier.circle))
    if not form.is_valid():
        raise Refused(*[error for errors in form.errors.values() for error in errors])
    if found.stage in OUT:
        acts.change_circle(found, by=request.user, now=request.now, **form.cleaned_data)
        return _("Les lecteurs du compte-rendu ont changé.")
    acts.publish(found, by=request.user, now=request.now, **form.cleaned_data)
    return _("Le compte-rendu est publié.")


def _approve(request: HttpRequest, found: Minutes) -> str:
    acts.approve(found, by=request.user, now=request.now)
    return _("Le compte-rendu est approuvé.")


def _draft(request: HttpRequest, found: Minutes) -> str:
    acts.back_to_draft(found, by=request.user, now=request.now)
    return _("Le compte-rendu est revenu au brouillon.")


def _assent(request: HttpRequest, found: Minutes) -> str:
    acts.assent(found, by=request.user, now=request.now)
    return _("Merci : c’est noté.")


TURNS = {"relecture": _review, "approuver": _approve, "publier": _publish, "brouillon": _draft, "lu": _assent}
