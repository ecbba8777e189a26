"""Sample values of the addresses of propositions and votes (see samples.py)."""

from __future__ import annotations

from typing import Any

from dialogue.assembly.models import AssemblySession, Proposition, Resolution
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.models import Chantier
from tests.world_assembly import STATES

Values = dict[str, dict[str, Any]]
S = PropositionStage


def _one(chantier: Chantier, stage: str) -> Proposition | None:
    return Proposition.objects.filter(chantier=chantier, stage=stage).order_by("number").first()


def within(chantier: Chantier) -> dict[str, Values]:
    """What comes after a chantier's slug."""
    found = {stage: row for stage in STATES if (row := _one(chantier, stage))}
    if not found:
        return {}
    numbers = {str(stage): {"number": row.number} for stage, row in found.items()}
    moves = {
        "adopter": S.DRAFTING, "transmettre": S.ADOPTED_BY_GROUP, "nouveau-texte": S.REFERRED_BACK, "retirer": S.TABLED,
        "sans-suite": S.ADOPTED_AMENDED, "inconnu": S.DRAFTING,
    }  # fmt: skip
    return {
        "assembly:work": numbers,
        "assembly:edit": {stage: numbers[stage] for stage in ("drafting", "tabled")},
        "assembly:move": {code: {"number": found[stage].number, "code": code} for code, stage in moves.items()},
        "assembly:old_vote": {"": {"code": "transmettre"}},
    }


def samples(world: Any) -> dict[str, Values]:
    """Addresses that stand apart from any chantier."""
    keys = ("ours", "theirs", "ours-partners", "theirs-partners")
    rows = {
        f"{key} {stage}": row for key in keys for stage in STATES if (row := _one(world.chantiers[key], stage))
    }
    opinions = {key: rows[f"{key} under_review"].opinions.exclude(verdict="").first() for key in keys}
    awaited = rows["ours under_review"].opinions.filter(verdict="").first()
    session = {"": {"pk": AssemblySession.objects.order_by("-date").first().pk}}
    tabled = rows["ours tabled"]
    return {
        "assembly:proposition": {label: {"number": row.number} for label, row in rows.items()},
        "assembly:opinion": {
            **{key: {"number": opinion.proposition.number, "pk": opinion.pk} for key, opinion in opinions.items()},
            "awaited": {"number": awaited.proposition.number, "pk": awaited.pk},
        },
        "assembly:cancel_opinion": {
            "awaited": {"number": awaited.proposition.number, "pk": awaited.pk},
            "given": {"number": opinions["ours"].proposition.number, "pk": opinions["ours"].pk},
        },
        "assembly:ask": {"": {"number": rows["ours under_review"].number}},
        "assembly:back": {"": {"number": rows["ours referred_back"].number}},
        "assembly:correct": {"": {"pk": Resolution.objects.filter(proposition=rows["ours adopted_amended"]).first().pk}},
        **dict.fromkeys(("assembly:session", "assembly:change_session", "assembly:remove_session", "assembly:agenda"), session),
        "assembly:untable": {"": {"pk": tabled.session_id, "number": tabled.number}},
    }
