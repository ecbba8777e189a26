"""Which draft a visitor is writing: kept in their session, by campaign; a signed-in person finds theirs anywhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from dialogue.contributions.acts.privacy import written_by
from dialogue.contributions.models import Campaign, Contribution, Support
from dialogue.contributions.stages import Stage

SESSION, SUPPORTS = "deposit", "supports"


def _known(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    found: dict[str, Any] = request.session.get(SESSION, {}).get(campaign.slug, {})
    return found


def current(request: HttpRequest, campaign: Campaign) -> Contribution | None:
    """The draft of this visitor in this campaign; never somebody else's."""
    rows = Contribution.objects.filter(campaign=campaign, stage=Stage.DRAFT)
    rows = rows.select_related("campaign", "territory", "commune", "theme", "second_theme", "organisation", "person")
    if key := _known(request, campaign).get("key"):
        found = rows.filter(key=key).first()
        if found is not None and found.person_id in {None, request.user.pk}:
            return found
    return (
        rows.filter(person_id=request.user.pk).order_by("-written_at", "-pk").first() if request.user.is_authenticated else None
    )


def remember(request: HttpRequest, draft: Contribution, *, reached: int) -> None:
    """`reached`: the furthest step that was opened."""
    known = request.session.get(SESSION, {})
    before = known.get(draft.campaign.slug, {})
    furthest = max(reached, before.get("reached", 1)) if before.get("key") == draft.key else reached
    known[draft.campaign.slug] = {"key": draft.key, "reached": furthest}
    request.session[SESSION] = known


def reached(request: HttpRequest, campaign: Campaign) -> int:
    return int(_known(request, campaign).get("reached", 1))


def forget(request: HttpRequest, campaign: Campaign) -> None:
    known = request.session.get(SESSION, {})
    if known.pop(campaign.slug, None) is not None:
        request.session[SESSION] = known


def support_of(request: HttpRequest, contribution: Contribution) -> Support | None:
    """The support that this visitor gave in this session, proven or not."""
    pk = request.session.get(SUPPORTS, {}).get(str(contribution.pk))
    return Support.objects.filter(pk=pk, contribution=contribution).first() if pk else None


def remember_support(request: HttpRequest, support: Support) -> None:
    request.session[SUPPORTS] = request.session.get(SUPPORTS, {}) | {str(support.contribution_id): support.pk}


def any_draft(request: HttpRequest) -> Contribution | None:
    """A draft that waits while its author supports another contribution."""
    keys = [known.get("key", "") for known in request.session.get(SESSION, {}).values()]
    rows = Contribution.objects.filter(key__in=keys, stage=Stage.DRAFT).select_related("campaign")
    return next((row for row in rows if row.person_id in {None, request.user.pk}), None)


def mine(person: Any) -> Any:
    """Everything this person wrote: by their account, or by the address of their account."""
    rows = Contribution.objects.filter(written_by(person)).select_related("campaign", "territory", "theme")
    return rows.order_by("-written_at", "-number")
