"""Remarks on the roadmap and on its deliverables."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers.models import Chantier, PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import RoadmapStage
from dialogue.chantiers.views.space import space_of
from dialogue.discussion import acts, mentions
from dialogue.discussion.forms import CommentForm
from dialogue.discussion.models import Comment
from dialogue.discussion.pages_roadmap import passages_of, talk_of, thread_of, title_of
from dialogue.discussion.stages import Subject
from dialogue.discussion.views import publish


@login_required
@require_POST
def roadmap(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A remark on a version."""
    chantier = space_of(request, slug)
    rows = Roadmap.objects.visible_to(request.user).filter(chantier=chantier).with_items()
    found = get_object_or_404(rows, version=number)
    found.chantier = chantier
    return _remark(request, chantier, found)


@login_required
@require_http_methods(["GET", "POST"])
def deliverable(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A planned deliverable and what the group says of it."""
    chantier = space_of(request, slug)
    # A line of a draft may still be removed, and what is said of it with it: one speaks of the draft as a whole.
    roadmaps = Roadmap.objects.visible_to(request.user).filter(chantier=chantier).exclude(stage=RoadmapStage.DRAFT)
    found = get_object_or_404(PlannedDeliverable.objects.select_related("roadmap"), roadmap__in=roadmaps, pk=pk)
    found.roadmap.chantier = chantier
    return _remark(request, chantier, found) if request.method == "POST" else _page(request, chantier, found)


def _remark(request: HttpRequest, chantier: Chantier, found: Roadmap | PlannedDeliverable) -> HttpResponse:
    if not acts.open_thread.allows(request.user, chantier):
        raise PermissionDenied
    members = [person for person in mentions.members_of(chantier) if person.pk != request.user.pk]
    is_roadmap = isinstance(found, Roadmap)
    form = CommentForm(request.POST, request.FILES, passages=passages_of(found) if is_roadmap else (), members=members)
    about = {"subject": Subject.ROADMAP, "roadmap": found} if is_roadmap else {"subject": Subject.DELIVERABLE, "deliverable": found}

    def post() -> Comment:
        facts = {"by": request.user, "now": request.now}
        thread = thread_of(found) or acts.open_thread(chantier, **facts, title=title_of(found), **about)
        return acts.post_comment(thread, **facts, **form.facts())

    return publish(request, form, post) or _page(request, chantier, found, form)


def _page(
    request: HttpRequest, chantier: Chantier, found: Roadmap | PlannedDeliverable, form: CommentForm | None = None
) -> HttpResponse:
    context = {
        "chantier": chantier,
        "here": "roadmap",
        "title": title_of(found),
        "deliverable": None if isinstance(found, Roadmap) else found,
        "roadmap": found if isinstance(found, Roadmap) else found.roadmap,
        "talk": talk_of(found, request, form),
    }
    return render(request, "discussion/subject.html", context, status=422 if form is not None else 200)
