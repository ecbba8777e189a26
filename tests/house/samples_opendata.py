"""Sample values of the addresses of the open data (see samples.py): items that are public, and one that is not."""

from __future__ import annotations

from typing import Any

from dialogue.meetings.models import Decision, Meeting, Minutes
from dialogue.opendata import sets
from dialogue.opendata.models import ApiToken
from dialogue.territories.models import CalendarDate

Values = dict[str, dict[str, Any]]


def samples(world: Any) -> dict[str, Values]:
    codes = {resource.code: {"code": resource.code} for resource in sets.ALL}
    # The formats write the same columns: each of them once, each data set once.
    files = {f"{resource.code} csv": {"code": resource.code, "extension": "csv"} for resource in sets.ALL}
    for extension in ("xlsx", "json", "geojson", "exe"):
        files[f"chantiers {extension}"] = {"code": "chantiers", "extension": extension}
    return (
        {
            "opendata:dataset": codes | {"unknown": {"code": "rien"}},
            "opendata:file": files,
            "opendata:catalogue": {kind: {"extension": kind} for kind in ("jsonld", "ttl", "exe")},
            "opendata:api_nowhere": {"": {"rest": "rien/"}},
            "opendata:embed_chantier": {key: {"slug": key} for key in ("ours", "theirs-partners", "proposed")},
            "opendata:revoke_token": {"": {"pk": ApiToken.objects.order_by("pk").first().pk}},
        }
        | _firsts()
        | _circles(world)
    )


def _firsts() -> dict[str, Values]:
    """The first public item of each resource."""
    found = {}
    for resource in sets.ALL:
        row = resource.rows().first()
        key = resource.item_of(row)[resource.key_field] if row is not None else 0
        found[f"opendata:api_item_{resource.code.replace('-', '_')}"] = {"public": {"cle": str(key)}}
    return found


def _circles(world: Any) -> dict[str, Values]:
    """Where circles count: what is public, what is not."""
    numbers = {key: {"cle": str(world.contributions[key].number)} for key in ("public", "partners", "unconsented", "own")}
    theirs = world.chantiers["theirs-partners"]
    meetings = Meeting.objects.filter(chantier=theirs).order_by("pk")
    minutes = Minutes.objects.filter(chantier=theirs).order_by("pk")
    decisions = Decision.objects.filter(chantier=theirs).order_by("pk")
    dates = CalendarDate.objects.filter(circle="partners").order_by("pk")
    public = _firsts()
    key = numbers["public"]["cle"]
    return {
        "opendata:api_item_chemins": {
            **{f"contribution {name}": {"nature": "contributions", **values} for name, values in numbers.items()},
            "theirs-partners": {"nature": "chantiers", "cle": "theirs-partners"},
            "unknown": {"nature": "rien", "cle": key},
        },
        "opendata:api_item_contributions": numbers,
        "opendata:api_item_chantiers": {key: {"cle": key} for key in ("ours", "theirs-partners", "proposed")},
        "opendata:api_item_seances": public["opendata:api_item_seances"] | {"partners": {"cle": str(meetings[0].uid)}},
        "opendata:api_item_comptes_rendus": public["opendata:api_item_comptes_rendus"]
        | {"partners": {"cle": str(minutes[0].meeting.uid)}},
        "opendata:api_item_decisions": public["opendata:api_item_decisions"] | {"partners": {"cle": str(decisions[0].pk)}},
        "opendata:api_item_dates": public["opendata:api_item_dates"] | {"partners": {"cle": str(dates[0].pk)}},
    }
