"""Sample values of the addresses of contributions and of the choice (see samples.py)."""

from __future__ import annotations

from typing import Any

from dialogue.contributions.letters.news import stop_token
from dialogue.contributions.models import AnswerTemplate, ClusterChange, SecondReading, SortingChange

Values = dict[str, dict[str, Any]]
PRIVATE = ("prendre", "rendre", "decider", "annuler", "classement", "repondre", "envoyer", "reprendre", "regrouper", "separer")


def samples(world: Any) -> dict[str, Values]:
    """Address → label → keyword arguments."""
    return _author(world) | _team(world) | _choice(world)


def _numbers(world: Any, *keys: str) -> Values:
    return {key: {"number": world.contributions[key].number} for key in keys}


def _author(world: Any) -> dict[str, Values]:
    """The doors of whoever deposits and follows; keys of nobody in particular, but for those that everyone tries."""
    slugs = {key: {"slug": campaign.slug} for key, campaign in world.campaigns.items()}
    keys = {key: {"key": world.contributions[key].key} for key in ("tracked", "tracked-draft")} | {"unknown": {"key": "x" * 32}}
    files = {key: {"file_key": world.contributions[key].attachments.first().key} for key in ("public", "own")}
    tracked = world.contributions["tracked"]
    return {
        **dict.fromkeys(
            ("contributions:deposit", "contributions:deposit_code", "contributions:deposit_hints", "contributions:deposit_discard"),
            slugs,
        ),
        "contributions:support": _numbers(world, "public", "partners", "unconsented"),
        "contributions:support_code": _numbers(world, "public", "partners"),
        "contributions:attachment": files,
        "contributions:stop_mail": {"of one": {"token": stop_token(tracked)}, "unknown": {"token": "x"}},
        **dict.fromkeys(
            [
                f"contributions:tracking{what}"
                for what in ("", "_correct", "_withdraw", "_consent", "_files", "_mail", "_resume")
            ],
            keys,
        ),
        "contributions:tracking_file": {"": {"key": tracked.key, "file_key": tracked.attachments.first().key}},
        "portal:contribution": _numbers(world, "public", "partners", "unconsented", "own", "draft", "merged", "answered"),
        "portal:contributions_export": {kind: {"extension": kind} for kind in ("csv", "xlsx", "json", "exe")},
    }


def _team(world: Any) -> dict[str, Values]:
    one = _numbers(world, "received")
    imports = {stage: {"pk": batch.pk} for stage, batch in world.batches.items()}
    template = {"": {"pk": AnswerTemplate.objects.order_by("pk").first().pk}}
    pair = {"": {"pk": world.pairs[0].pk}}
    readings = SecondReading.objects.order_by("pk")
    moves = {move: {"slug": "campagne", "move": move} for move in ("annoncer", "fermer", "rouvrir", "inconnu")}
    change = SortingChange.objects.order_by("pk").first()
    return {
        "contributions:campaign_change": {key: {"slug": campaign.slug} for key, campaign in world.campaigns.items()},
        "contributions:campaign_move": moves,
        **dict.fromkeys(
            [
                f"contributions:import{what}"
                for what in ("", "_source", "_columns", "_words", "_start", "_progress", "_undo", "_problems", "_refused")
            ],
            imports,
        ),
        "contributions:undo_group": {"": {"pk": change.pk}},
        "contributions:judge_pair": pair,
        "contributions:reconsider_pair": pair,
        "contributions:template": template,
        "contributions:delete_template": template,
        "contributions:read_second": {"": {"pk": readings.filter(theme=None).first().pk}},
        "contributions:settle_second": {"": {"pk": readings.exclude(theme=None).first().pk}},
        "contributions:file": _numbers(
            world, "received", "own", "draft", "to-complete", "inadmissible", "merged", "qualified", "linked", "closed", "answered"
        ),
        **dict.fromkeys([f"contributions:{what}" for what in ("take", "give_back", "decide", "undo", "reclassify", "merge")], one),
        "contributions:answer": _numbers(world, "qualified"),
        "contributions:send": _numbers(world, "closed"),
        "contributions:reopen": _numbers(world, "inadmissible"),
        "contributions:unmerge": _numbers(world, "merged"),
        "contributions:cluster": {"named": {"number": world.clusters[0].number}, "bare": {"number": world.clusters[1].number}},
        "contributions:cluster_undo": {"": {"pk": ClusterChange.objects.order_by("pk").first().pk}},
    }


def _choice(world: Any) -> dict[str, Values]:
    each = {key: {"pk": row.pk} for key, row in world.candidates.items()}
    first = {"": each["to examine"]}
    return {
        "territories:priorities_of": {"": {"code": world.territories[0].code}},
        "chantiers:council_choices": {"": {"pk": world.dates["public"].pk}},
        "chantiers:candidate": each,
        "chantiers:candidate_announce": first,
        "chantiers:candidate_stop": {"": each["announced"]},
        "chantiers:candidate_withdraw": first,
        "chantiers:candidate_decide": first,
        "chantiers:candidate_reexamine": {"": each["set aside"]},
        "chantiers:candidate_open": {"": each["retained"]},
    }


def within(world: Any) -> dict[str, Values]:
    """What comes after a chantier's slug."""
    return {"chantiers:link_detach": _numbers(world, "public")}
