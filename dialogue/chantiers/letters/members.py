"""What is mailed when somebody enters the group, changes role, is replaced or leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.post import answerers_of, coordination, members_url, officers_of, post, space_url
from dialogue.chantiers.models import Member, Representative
from dialogue.chantiers.stages import OFFICERS, Role
from dialogue.mailer import kinds
from dialogue.people.models import Person

kinds.register(
    "chantiers.membership", label=_("Votre place dans un groupe (entrée, rôle, départ)"), default="immediate", mandatory=True
)
kinds.register("chantiers.group_changes", label=_("Qui entre dans vos groupes, qui en sort"), default="digest")

MINE, GROUP = "chantiers.membership", "chantiers.group_changes"


def _facts(member: Member) -> dict[str, Any]:
    return {"organisation": member.organisation.name, "role": Role(member.role).label}


def entered(member: Member, person: Person, *, by: Any, now: datetime) -> None:
    chantier = member.chantier
    post("entered", [person], chantier, kind=MINE, now=now, path=space_url(chantier), but=by, **_facts(member))


def role_changed(member: Member, person: Person, *, by: Any, now: datetime) -> None:
    chantier = member.chantier
    post("role_changed", [person], chantier, kind=MINE, now=now, path=space_url(chantier), but=by, **_facts(member))


def left_confirmed(member: Member, person: Person, *, by: Any, now: datetime) -> None:
    """The last letter of the group to somebody who leaves it."""
    chantier = member.chantier
    post(
        "left_confirmed", [person], chantier, kind=MINE, now=now, path=chantier.get_absolute_url(),
        quote=member.end_motive, but=by, **_facts(member),
    )


def left(member: Member, *, by: Any, now: datetime) -> None:
    """Those who answer for the chantier learn that an organisation left; of an officer, the coordination too."""
    chantier = member.chantier
    to = officers_of(chantier) + coordination() if member.role in OFFICERS else answerers_of(chantier)
    post(
        "left", to, chantier, kind=GROUP, now=now, path=members_url(chantier), quote=member.end_motive, but=by,
        **_facts(member),
    )


def replaced(member: Member, *, old: Person, new: Person, by: Any, now: datetime) -> None:
    chantier = member.chantier
    entered(member, new, by=by, now=now)
    post(
        "replaced_by", [old], chantier, kind=MINE, now=now, path=chantier.get_absolute_url(), but=by, other=str(new),
        **_facts(member),
    )
    to = [person for person in answerers_of(chantier) if person.pk not in {old.pk, new.pk}]
    post(
        "replaced", to, chantier, kind=GROUP, now=now, path=members_url(chantier), but=by, person=str(new),
        other=str(old), **_facts(member),
    )


def representation_ended(representative: Representative, *, by: Any, now: datetime) -> None:
    member = representative.member
    chantier = member.chantier
    post(
        "representation_ended", [representative.person], chantier, kind=MINE, now=now, path=chantier.get_absolute_url(), but=by,
        **_facts(member),
    )


def without_voice(member: Member, *, now: datetime) -> None:
    chantier = member.chantier
    to = officers_of(chantier) + coordination() if member.role in OFFICERS else answerers_of(chantier)
    post("without_voice", to, chantier, kind=GROUP, now=now, path=members_url(chantier), **_facts(member))
