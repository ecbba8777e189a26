"""Sample values of the addresses of restitution (see samples.py)."""

from __future__ import annotations

from typing import Any

from tests.world_restitution import COMING, HELD, NEXT, OUT

Values = dict[str, dict[str, Any]]


def samples(world: Any) -> dict[str, Values]:
    code = world.territories[0].code
    out = {"published": {"slug": f"conseils-{OUT}", "code": code}}
    both = out | {"in preparation": {"slug": f"conseils-{COMING}", "code": code}}
    held = {"published": {"slug": f"conference-{HELD}"}}
    papers = held | {"in preparation": {"slug": f"conference-{NEXT}"}}
    councils = {"councils": {"slug": f"conseils-{OUT}"}}
    versions = {"before": 1, "after": 2}
    coming, following = both["in preparation"], papers["in preparation"]
    return {
        "restitution:pilot_gathering": councils | held,
        "restitution:draft": councils,
        "restitution:prepare": both,
        "restitution:preview": both,
        "restitution:turn": {
            "figer": coming | {"move": "figer"},
            "jeter": coming | {"move": "jeter"},
            "corriger": out["published"] | {"move": "corriger"},
            "inconnu": coming | {"move": "inconnu"},
        },
        "restitution:prepare_conference": papers,
        "restitution:preview_conference": papers,
        "restitution:turn_conference": {
            "figer": following | {"move": "figer"},
            "corriger": held["published"] | {"move": "corriger"},
            "inconnu": following | {"move": "inconnu"},
        },
        "restitution:gathering": councils | papers,
        **dict.fromkeys(
            ("restitution:point", "restitution:point_pdf", "restitution:point_slides", "restitution:point_pptx"), both
        ),
        **dict.fromkeys(("restitution:conference_pdf", "restitution:conference_slides", "restitution:conference_pptx"), papers),
        "restitution:compare_points": {"1-2": out["published"] | versions},
        "restitution:compare_conferences": {"1-2": held["published"] | versions},
        "restitution:join": {key: {"number": world.chantiers[key].number} for key in ("ours", "theirs-partners", "proposed")},
    }
