"""What changed between two editions of a pact: actions added, carried on, done, dropped, and the words that differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.meetings.content import Piece, words_changed
from dialogue.pacts.content import Content
from dialogue.pacts.stages import ActionState, Situation
from dialogue.pacts.wording import day_of
from dialogue.ui.dates import thousands


@dataclass(frozen=True)
class Part:
    """Something that the two editions do not say alike."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class ActionChange:
    """One action in both editions, or in one; `row`: what the later one says of it, else the earlier one."""

    row: dict[str, Any]
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Differences:
    added: list[ActionChange]
    carried: list[ActionChange]
    done: list[ActionChange]
    dropped: list[ActionChange]
    #: In the earlier edition, and no longer in the later one: over before, or taken away by a correction.
    left: list[ActionChange]
    texts: list[Part]

    @property
    def is_empty(self) -> bool:
        changed = [change for change in self.carried if change.parts]
        return not (self.added or changed or self.done or self.dropped or self.left or self.texts)

    @property
    def summary(self) -> list[str]:
        """« 2 actions nouvelles », and so on, of what there is."""
        words = [
            (self.added, ngettext("%(n)d action nouvelle", "%(n)d actions nouvelles", len(self.added))),
            (self.done, ngettext("%(n)d action réalisée", "%(n)d actions réalisées", len(self.done))),
            (self.dropped, ngettext("%(n)d action abandonnée", "%(n)d actions abandonnées", len(self.dropped))),
            (self.carried, ngettext("%(n)d action poursuivie", "%(n)d actions poursuivies", len(self.carried))),
            (self.left, ngettext("%(n)d action ne figure plus", "%(n)d actions ne figurent plus", len(self.left))),
        ]
        return [text % {"n": len(rows)} for rows, text in words if rows]

    @property
    def groups(self) -> list[tuple[str | Promise, str, list[ActionChange]]]:
        """(title, icon, changes), in the order of the page, without the empty ones."""
        found = [
            (gettext_lazy("Actions nouvelles"), "plus", self.added),
            (gettext_lazy("Actions réalisées"), "n6", self.done),
            (gettext_lazy("Actions abandonnées"), "n0", self.dropped),
            (gettext_lazy("Actions poursuivies"), "fl", self.carried),
            (gettext_lazy("Actions qui ne figurent plus"), "croix", self.left),
        ]
        return [group for group in found if group[2]]


def between(before: Content, after: Content) -> Differences:
    """`after` is the later edition. No query."""
    old = {row["number"]: row for row in before["actions"]}
    new = {row["number"]: row for row in after["actions"]}
    changes = {number: ActionChange(row, _parts(old[number], row) if number in old else []) for number, row in new.items()}
    over = {ActionState.DONE, ActionState.DROPPED}
    was_over = {number for number, row in old.items() if row["state"] in over}
    added = [change for number, change in changes.items() if number not in old and change.row["situation"] == Situation.NEW]
    ended = {
        state: [
            change
            for number, change in changes.items()
            if change.row["state"] == state and number not in was_over and change not in added
        ]
        for state in over
    }
    others = [change for change in changes.values() if change not in added + ended[ActionState.DONE] + ended[ActionState.DROPPED]]
    left = [ActionChange(row) for number, row in old.items() if number not in new]
    texts = [
        Part(label, words_changed(before[name], after[name]))
        for name, label in (("introduction", _("Introduction")), ("report", _("Bilan")))
        # The reports of two years tell two different years: words do not compare.
        if before[name] != after[name] and (name != "report" or before["year"] == after["year"])
    ]
    return Differences(added, others, ended[ActionState.DONE], ended[ActionState.DROPPED], left, texts)


def _parts(before: dict[str, Any], after: dict[str, Any]) -> list[Part]:
    told = zip(_told(before), _told(after), strict=True)
    return [Part(label, words_changed(old, new)) for (label, old), (_label, new) in told if old != new]


def _told(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Intitulé"), row["title"]),
        (_("Ce qui est prévu"), row["text"]),
        (_("Thème"), row["theme"]),
        (_("État"), str(ActionState(row["state"]).label)),
        (_("Organisme pilote"), row["lead"]),
        (_("Coût prévu"), _("%(n)s €") % {"n": thousands(row["cost"])} if row["cost"] is not None else ""),
        (_("Début"), day_of(row["starts_on"])),
        (_("Échéance"), day_of(row["due_on"])),
    ]
