"""Sample values of the addresses of the carnet (see samples.py)."""

from __future__ import annotations

from typing import Any

Values = dict[str, dict[str, Any]]
#: Of one's group and of another; public chantiers and partners'.
KEYS = ("ours", "theirs-partners")


def samples(world: Any) -> dict[str, Values]:
    """Addresses that stand apart from any chantier."""
    entries, editions = world.logbook, world.editions
    draft = editions["draft"]
    chapter = draft.chapters.first()
    placement = chapter.placements.first()
    photos = {key: {"key": entries[f"{key} photo"].key.hex, "width": 480, "extension": "webp"} for key in KEYS}
    one = {"": {"pk": entries["ours proposed"].pk}}
    both = {"draft": {"pk": draft.pk}, "published": {"pk": editions["published"].pk}}
    only = {"": {"pk": draft.pk}}
    stop = {"": {"pk": draft.pk, "chapter": chapter.pk}}
    return {
        "logbook:photo": photos | {"unknown": {"key": "x", "width": 1, "extension": "webp"}},
        "logbook:sound": {key: {"key": entries[f"{key} sound"].key.hex, "extension": "m4a"} for key in KEYS},
        "logbook:edition": {key: {"edition": editions[key].slug} for key in ("former", "published")}
        | {"unknown": {"edition": "x"}},
        "logbook:download": {code: {"edition": editions["published"].slug, "extension": code} for code in ("pdf", "epub", "doc")},
        **dict.fromkeys(("logbook:choose", "logbook:refuse", "logbook:edit", "logbook:end_consent_team"), one),
        "logbook:reconsider": {"": {"pk": entries["ours refused"].pk}},
        "logbook:end_editor": {"": {"pk": world.people["partner"].pk}},
        **dict.fromkeys(
            ("logbook:layout", "logbook:preview", "logbook:preview_pdf", "logbook:correct", "logbook:bind_again"), both
        ),
        **dict.fromkeys(("logbook:describe", "logbook:figures", "logbook:publish", "logbook:drop", "logbook:add_chapter"), only),
        **dict.fromkeys(("logbook:edit_chapter", "logbook:move_chapter", "logbook:remove_chapter"), stop),
        "logbook:place": {"": {"pk": draft.pk, "entry": entries["ours photo"].pk}},
        "logbook:move_placement": {
            code: {"pk": draft.pk, "placement": placement.pk, "code": code} for code in ("haut", "page", "inconnu")
        },
    }


def within(world: Any, chantier: Any) -> dict[str, Values]:
    """What comes after a chantier's slug."""
    found = {name: row for name, row in world.logbook.items() if name.rpartition(" ")[0] == chantier.slug}
    if not found:
        return {}
    of = lambda kind: {"": {"pk": found[f"{chantier.slug} {kind}"].pk}}  # noqa: E731
    material = found.get(f"{chantier.slug} material")
    return {
        "logbook:edit_own": of("proposed"),
        "logbook:withdraw": of("proposed"),
        "logbook:unname": of("proposed"),
        "logbook:end_consent": of("photo"),
        "logbook:material": {"": {"pk": material.pk}} if material else {"none": {"pk": 0}},
    }
