"""A closed year as everyone may read it today: what was frozen, without what was withdrawn from the public since."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import Resolver404, resolve

from dialogue.chantiers.still import still_read
from dialogue.deliverables.models import Deliverable


def still_public(content: dict[str, Any]) -> dict[str, Any]:
    """The same for every reader (2 queries). `withdrawn`, when there is something: how many chantiers and results are left out."""
    nobody = AnonymousUser()
    seen = still_read(nobody, (row["number"] for row in content["chantiers"]))
    chantiers = [row for row in content["chantiers"] if row["number"] in seen]
    results = {row["url"]: number for row in content["documents"] if (number := _result(row["url"])) is not None}
    shown = set(Deliverable.objects.visible_to(nobody).filter(number__in=results.values()).values_list("number", flat=True))
    documents = [row for row in content["documents"] if row["url"] not in results or results[row["url"]] in shown]
    gone = {
        "chantiers": len(content["chantiers"]) - len(chantiers),
        "documents": len(content["documents"]) - len(documents),
    }
    told = content | {"chantiers": chantiers, "documents": documents}
    return told | {"withdrawn": gone} if any(gone.values()) else told


def _result(url: str) -> int | None:
    """The number of a result, from the address that was frozen; None for another document."""
    try:
        found = resolve(url)
    except Resolver404:
        return None
    return found.kwargs["number"] if found.view_name == "deliverables:result" else None
