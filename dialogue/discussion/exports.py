"""What the room keeps about a person, for the copy of one's data."""

from __future__ import annotations

from typing import Any

from dialogue.discussion.models import Comment, Subscription


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """File name → rows (people.hooks.exporters)."""
    comments = Comment.objects.filter(author=person).select_related("thread__chantier").order_by("at")
    chosen = Subscription.objects.filter(person=person).select_related("thread")
    return {
        "messages": [
            {"chantier": str(c.thread.chantier), "sujet": c.thread.title, "le": c.at.isoformat(), "message": c.text}
            for c in comments
        ],
        "discussions_suivies": [{"sujet": s.thread.title, "suivie": s.follows} for s in chosen],
    }
