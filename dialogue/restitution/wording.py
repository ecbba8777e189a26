"""The first words of a progress point, written by the platform from what anybody may read: the coordination then makes them
its own. In the site's own language: what is published is a French document."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers.stages import ShownState
from dialogue.ui.dates import short_day

Facts = dict[str, Any]
NONE_LEFT = {ShownState.ABANDONED.code, ShownState.COMPLETED.code, ShownState.PACT.code}


def drafted(public: Facts, reserved: Facts) -> dict[str, Any]:
    """done, left, calls_partners, call: the texts of a line. Of a chantier of the partners' circle, from what partners read."""
    facts = public or reserved
    with translation.override(settings.LANGUAGE_CODE):
        joinable = bool(facts.get("is_joinable"))
        return {
            "done": bullets(done_of(facts)),
            "left": bullets(left_of(facts)),
            "calls_partners": joinable,
            "call": _("Ce sujet vous concerne ? Le groupe accueille de nouveaux partenaires.") if joinable else "",
        }


def bullets(sentences: list[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def day(iso: str) -> str:
    """« 28 juin 2017 »: read again a year later, the year is needed."""
    when = date.fromisoformat(iso)
    return f"{short_day(when)} {when.year}"


def plain(title: str) -> str:
    """Without the full stop that the sentence around it has."""
    return title.strip().rstrip(".")


def done_of(facts: Facts) -> list[str]:
    """What was done: meetings, roadmap, steps, deliverables, votes."""
    found, meetings = [], facts["meetings"]
    if meetings["held"]:
        text = ngettext("%(n)d séance tenue, le %(day)s.", "%(n)d séances tenues, la dernière le %(day)s.", meetings["held"])
        found.append(text % {"n": meetings["held"], "day": day(meetings["last_on"])})
    found += steps_done(facts.get("roadmap"))
    for key, text in (
        ("tabled_on", _("Propositions transmises à l’assemblée départementale le %(day)s.")),
        ("in_pact_on", _("Proposition inscrite au pacte de territoire le %(day)s.")),
        ("no_follow_up_on", _("Propositions restées sans suite depuis le %(day)s.")),
    ):
        if facts[key]:
            found.append(text % {"day": day(facts[key])})
    if not found:
        members = ngettext(
            "%(n)d organisme engagé dans le groupe.", "%(n)d organismes engagés dans le groupe.", facts["organisations"]
        )
        found.append(_("Le chantier est ouvert.") + " " + members % {"n": facts["organisations"]})
    return found


def steps_done(roadmap: Facts | None) -> list[str]:
    if not roadmap:
        return []
    found = [_("Feuille de route arrêtée le %(day)s.") % {"day": day(roadmap["adopted_on"])}]
    found += [
        _("%(title)s, le %(day)s.") % {"title": plain(s["title"]), "day": day(s["done_on"])}
        for s in roadmap["steps"]
        if s["done_on"]
    ]
    for row in roadmap["deliverables"]:
        if row["published_on"]:
            found.append(
                _("Livrable publié le %(day)s : %(title)s.") % {"day": day(row["published_on"]), "title": plain(row["title"])}
            )
        elif row["given_up"]:
            found.append(
                _("Livrable abandonné : %(title)s. %(motive)s") % {"title": plain(row["title"]), "motive": row["given_up"]}
            )
    return found


def expected(title: str, due: str) -> str:
    """The sentence on a deliverable to come; `due` may be empty."""
    text = _("Livrable attendu pour le %(day)s : %(title)s.") if due else _("Livrable attendu : %(title)s.")
    return text % {"title": plain(title), "day": day(due) if due else ""}


def left_of(facts: Facts) -> list[str]:
    """What is to come: pause, next meeting, steps, deliverable, vote."""
    found = []
    if facts["motive"]:
        paused = facts["state"] == ShownState.PAUSED.code
        text = _("Le groupe fait une pause. %(motive)s") if paused else _("Le chantier s’est arrêté. %(motive)s")
        found.append(text % {"motive": facts["motive"]})
    if facts["meetings"]["next_on"]:
        found.append(_("Prochaine séance le %(day)s.") % {"day": day(facts["meetings"]["next_on"])})
    roadmap = facts.get("roadmap")
    found += steps_left(roadmap)
    if not roadmap and facts["state"] in {ShownState.CONSTITUTION.code, ShownState.ROADMAP.code}:
        found.append(_("Arrêter la feuille de route, à la première séance."))
    if not roadmap and facts["state"] not in NONE_LEFT | {ShownState.DELIVERABLE.code, ShownState.PROPOSITIONS.code}:
        found.append(expected(facts["deliverable"], facts["deliverable_due_on"]))
    if facts["state"] == ShownState.DELIVERABLE.code:
        found.append(_("Le groupe choisit les suites à proposer à l’assemblée départementale."))
    if facts["state"] == ShownState.PROPOSITIONS.code:
        found.append(_("L’assemblée départementale doit voter les propositions du groupe."))
    if not found:
        done = facts["state"] in NONE_LEFT
        found.append(_("Les travaux du groupe sont terminés.") if done else _("Fixer la date de la prochaine séance."))
    return found


def steps_left(roadmap: Facts | None) -> list[str]:
    if not roadmap:
        return []
    found = [
        _("%(title)s, pour le %(day)s.") % {"title": plain(s["title"]), "day": day(s["due_on"])}
        for s in roadmap["steps"]
        if not s["done_on"]
    ]
    waited = [row for row in roadmap["deliverables"] if not row["published_on"] and not row["given_up"]]
    found += [expected(row["title"], row["due_on"]) for row in waited]
    return found


def introduction(territory: str, public: list[Facts]) -> str:
    """Two sentences with the figures of the territory."""
    with translation.override(settings.LANGUAGE_CODE):
        chantiers = ngettext(
            "%(n)d chantier avance sur le territoire %(territory)s.",
            "%(n)d chantiers avancent sur le territoire %(territory)s.",
            len(public),
        )
        held = sum(facts["meetings"]["held"] for facts in public)
        meetings = ngettext(
            "Leurs membres se sont réunis %(n)d fois depuis l’ouverture.",
            "Leurs membres se sont réunis %(n)d fois depuis l’ouverture.",
            held,
        )
        first = (
            chantiers % {"n": len(public), "territory": territory}
            if public
            else _("Aucun chantier n’est ouvert sur ce territoire.")
        )
        return " ".join([first, *([meetings % {"n": held}] if held else [])])
