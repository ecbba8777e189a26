"""Sample values of the parameters that addresses have: one line for each kind of thing, told apart by circle and group."""

from __future__ import annotations

import functools
import operator
from typing import Any

from django.core import signing

from dialogue.chantiers.forms.moves import MOVES
from dialogue.chantiers.models import Chantier, Representative
from dialogue.mailer.message import SALT
from dialogue.mailer.models import Choice, Letter, Suspension
from tests import world_inbox, world_pacts
from tests.house import (
    samples_archive,
    samples_assembly,
    samples_contributions,
    samples_deliverables,
    samples_evaluation,
    samples_group,
    samples_logbook,
    samples_opendata,
    samples_restitution,
)
from tests.world import World

#: Addresses that are not ours to walk, each with its reason.
NOT_WALKED = {
    "mfa_remove_webauthn": "a passkey needs a browser (tests/browser)",
    "mfa_edit_webauthn": "a passkey needs a browser (tests/browser)",
}
#: The pages of which the readers are most worth telling apart are tried on every chantier, the others on two.
ALL_CHANTIERS = ("ours", "theirs", "ours-partners", "theirs-partners", "proposed")
TWO_CHANTIERS = ("ours", "theirs-partners")
MAIN = {
    "chantiers:follow",
    "chantiers:join",
    "chantiers:roadmap",
    "chantiers:settings",
    "chantiers:space",
    "portal:chantier",
    "portal:chantier_ics",
    "portal:glance",
}
#: Rooms whose addresses begin with a chantier.
OF_A_CHANTIER = {"assembly", "chantiers", "deliverables", "discussion", "documents", "inbox", "logbook", "meetings", "portal"}
Values = dict[str, dict[str, Any]]
#: Where the samples of addresses that stand apart from any chantier are, beside those below.
ROOMS = (
    world_inbox,
    samples_contributions,
    samples_archive,
    samples_deliverables,
    samples_evaluation,
    samples_assembly,
    world_pacts,
    samples_restitution,
    samples_logbook,
    samples_opendata,
)


def samples(world: World, name: str, parameters: tuple[str, ...]) -> Values | None:
    """label → keyword arguments, or None when nothing is known of this address."""
    others = set(parameters) - {"slug"}
    if "slug" not in parameters or name.split(":", maxsplit=1)[0] not in OF_A_CHANTIER:
        found = _apart(world).get(name)
        if found is None and parameters == ("code",):
            found = {"": {"code": (world.themes if "theme" in name else world.territories)[0].code}}
        return found
    chantiers = ALL_CHANTIERS if name in MAIN else TWO_CHANTIERS
    if not others:
        return {key: {"slug": key} for key in chantiers}
    values: Values = {}
    for key in chantiers:
        found_within = _within(world.chantiers[key]) | samples_contributions.within(world)
        within = (found_within | samples_logbook.within(world, world.chantiers[key])).get(name)
        if within is None:
            return None
        values |= {" ".join(filter(None, (key, label))): {"slug": key, **given} for label, given in within.items()}
    return values


def _apart(world: World) -> dict[str, Values]:
    """Addresses that stand apart from any chantier."""
    organisations = {
        "validated": {"pk": world.organisations["member"].pk},
        "proposed": {"pk": world.organisations["proposed"].pk},
    }
    newcomer, partner = {"newcomer": {"pk": world.people["newcomer"].pk}}, {"partner": {"pk": world.people["partner"].pk}}
    dates = {key: {"pk": date.pk} for key, date in world.dates.items()}
    letters = signing.dumps([world.people["member"].pk, "chantiers.roadmap_adopted", "chantier/ours"], salt=SALT)
    found: dict[str, Values] = {
        "people:organisation": organisations,
        "people:organisation_logo": organisations,
        "people:organisation_change": organisations,
        "people:organisation_validate": organisations,
        "people:organisation_merge": organisations,
        "people:accounts_detail": newcomer | partner,
        "people:account_validate": newcomer,
        "people:account_refuse": newcomer,
        "people:account_office": partner,
        "people:account_mandate": partner,
        "people:account_close": partner,
        "people:mandate_end": {"": {"pk": world.people["partner"].mandates.get().pk}},
        "territories:edit_commune": {"": {"insee_code": world.territories[0].communes.all()[0].pk}},
        "territories:date": dates,
        "territories:remove_date": dates,
        "portal:personal_ics": {"key of member": {"key": world.people["member"].calendar_key}},
        "meetings:poll_answer": samples_group.poll_links(world),
        "mailer:unsubscribe": {"key of member": {"token": letters}},
        "mailer:forget": _first(Choice.objects.all()),
        "mailer:retry": _first(Letter.objects.all()),
        "mailer:lift": _first(Suspension.objects.all()),
        "mailer:folder_mail": {"": {"name": "absent"}},
        "mailer:folder_html": {"": {"name": "absent"}},
        "chantiers:invitation": {
            "key of the invited": {"token": world.invitations["ours"].token},
            "unknown": {"token": "x" * 64},
        },
    }
    return functools.reduce(operator.or_, (room.samples(world) for room in ROOMS), found)


def _within(chantier: Chantier) -> dict[str, Values]:
    """What comes after a chantier's slug: each of its things once."""
    draft = chantier.roadmaps.filter(stage="draft").first()
    lines = {"objectif": "objectives", "livrable": "deliverables", "etape": "steps"}
    first = {kind: getattr(draft, related).first() for kind, related in lines.items()} if draft else {}
    line = {kind: {"kind": kind, "pk": row.pk} for kind, row in first.items()}
    adopted = chantier.roadmaps.filter(stage="adopted").first()
    ours = adopted is not None
    step = {"": {"pk": adopted.steps.first().pk}} if ours else {}
    deliverable = {"": {"pk": adopted.deliverables.first().pk}} if ours else {}
    member = {"": {"pk": chantier.members.filter(role="partner").first().pk}} if ours else {}
    versions = {f"v{number}": {"number": number} for number in (1, 2, 3)}
    return (
        {
            # All moves share one view: the first, a grave one, and one that does not exist.
            "chantiers:move": {code: {"code": code} for code in (next(iter(MOVES)), "abandonner", "inconnu")},
            "chantiers:roadmap_add": {kind: {"kind": kind} for kind in lines},
            "chantiers:roadmap_line": line,
            "chantiers:roadmap_move": line,
            "chantiers:roadmap_remove": line,
            "chantiers:step": step,
            "chantiers:deliverable": deliverable,
            "chantiers:roadmap_version": versions,
            "chantiers:roadmap_circle": {"v1": {"number": 1}, "v2": {"number": 2}},
            "chantiers:roadmap_compare": {"1-2": {"before": 1, "after": 2}, "2-3": {"before": 2, "after": 3}},
            "chantiers:change_role": member,
            "chantiers:leave": member,
            "chantiers:representatives": member,
            "portal:glance": {circle: {"circle": circle} for circle in ("public", "partenaire", "membre")},
        }
        | _rows(chantier)
        | samples_group.within(chantier)
        | samples_deliverables.within(chantier) | samples_assembly.within(chantier)
    )


def _rows(chantier: Chantier) -> dict[str, Values]:
    """Demands and cooperations: the first of each."""
    return {
        "chantiers:end_representation": _first(Representative.objects.filter(member__chantier=chantier, member__role="partner")),
        "chantiers:withdraw_request": _first(chantier.join_requests.all()),
        "chantiers:answer_request": _first(chantier.join_requests.filter(stage="waiting")),
        "chantiers:resend_invitation": _first(chantier.invitations.all()),
        "chantiers:revoke_invitation": _first(chantier.invitations.all()),
        "chantiers:change_cooperation": _first(chantier.cooperations.all()),
        "chantiers:remove_cooperation": _first(chantier.cooperations.all()),
    }


def _first(rows: Any) -> Values:
    row = rows.first()
    return {"": {"pk": row.pk}} if row else {}
