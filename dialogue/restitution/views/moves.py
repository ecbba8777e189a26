"""The grave moves of a paper: their words, their consequence, and what they do. Refusing comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.ledger.acts import Act, Refused
from dialogue.restitution import checks
from dialogue.restitution.acts import conferences, points
from dialogue.restitution.forms import NoteForm
from dialogue.restitution.letters.points import told_by
from dialogue.restitution.models import Conference, ProgressPoint
from dialogue.restitution.stages import PaperStage
from dialogue.restitution.views.doors import refuse


@dataclass(frozen=True)
class Move:
    """`consequence(paper, now)`: what will happen, in sentences. `with_note`: asks why, when it corrects something published."""

    act: Act
    button: str | Promise
    title: str | Promise
    done: str | Promise
    consequence: Callable[[Any, Any], str]
    with_note: bool = False
    leaves: bool = False


def _freezing(paper: Any, now: Any) -> str:
    found = [_("Le texte et les données ne changeront plus. Vous relirez la version figée, puis vous la publierez.")]
    if isinstance(paper, ProgressPoint):
        warnings = checks.review(paper, now=now).warnings
    else:
        warnings = [check for check in checks.conference_checks(paper, checks.published_points(), []) if not check.blocks]
    if warnings:
        found.append(_("À savoir :") + " " + " ".join(check.text for check in warnings))
    return " ".join(found)


def _publishing(paper: Any, now: Any) -> str:
    found = [_("Tout le monde pourra le lire, le télécharger et le partager. La météo reste réservée aux partenaires.")]
    if isinstance(paper, ProgressPoint) and not paper.is_correction:
        members, partners = told_by(paper)
        told = ngettext("%(n)d membre des groupes est prévenu", "%(n)d membres des groupes sont prévenus", members) % {
            "n": members
        }
        others = ngettext("%(n)d autre partenaire dans son résumé", "%(n)d autres partenaires dans leur résumé", partners)
        found.append(f"{told} ; {others % {'n': partners}}.")
    elif paper.is_correction:
        found.append(
            _(
                "La version précédente reste lisible, les différences sont montrées. Les mêmes personnes sont prévenues dans leur résumé."
            )
        )
    else:
        found.append(_("Tous les partenaires sont prévenus dans leur résumé."))
    return " ".join(found)


def _said(text: str | Promise) -> Callable[[Any, Any], str]:
    return lambda _paper, _now: str(text)


_THAW = _said(gettext_lazy("La version figée n’est pas publiée : vous pourrez corriger, puis figer à nouveau."))
_CORRECT = _said(
    gettext_lazy(
        "Ce qui est publié reste lisible. Vous préparez une nouvelle version, que vous figerez en disant ce qui change, puis publierez."
    )
)
_GIVE_UP = _said(gettext_lazy("Ce que vous avez corrigé depuis la publication est perdu ; la version publiée ne change pas."))
_DISCARD = _said(gettext_lazy("Tout ce qui a été écrit ici est perdu. Vous pourrez le préparer à nouveau à partir des données."))


#: code → (name of the act, button, title of its page, sentence once done, consequence).
WORDS: dict[str, tuple[str, Any, Any, Any, Callable[[Any, Any], str]]] = {
    "figer": (
        "freeze",
        gettext_lazy("Figer"),
        gettext_lazy("Figer ce document ?"),
        gettext_lazy("La version est figée. Relisez-la, puis publiez-la."),
        _freezing,
    ),
    "publier": (
        "publish",
        gettext_lazy("Publier"),
        gettext_lazy("Publier ce document ?"),
        gettext_lazy("C’est publié."),
        _publishing,
    ),
    "rouvrir": (
        "thaw",
        gettext_lazy("Rouvrir"),
        gettext_lazy("Rouvrir ce document pour le corriger ?"),
        gettext_lazy("Le document est rouvert."),
        _THAW,
    ),
    "corriger": (
        "correct",
        gettext_lazy("Corriger"),
        gettext_lazy("Corriger ce document publié ?"),
        gettext_lazy("Vous pouvez corriger. La version publiée reste lisible."),
        _CORRECT,
    ),
    "renoncer": (
        "give_up",
        gettext_lazy("Renoncer à corriger"),
        gettext_lazy("Renoncer à cette correction ?"),
        gettext_lazy("La correction est abandonnée."),
        _GIVE_UP,
    ),
    "jeter": (
        "discard",
        gettext_lazy("Jeter ce brouillon"),
        gettext_lazy("Jeter ce brouillon ?"),
        gettext_lazy("Le brouillon est jeté."),
        _DISCARD,
    ),
}


def _moves(acts: Any, suffix: str) -> dict[str, Move]:
    return {
        code: Move(getattr(acts, f"{name}_{suffix}"), *words, with_note=code == "figer", leaves=code == "jeter")
        for code, (name, *words) in WORDS.items()
    }


OF_POINT = _moves(points, "point")
OF_CONFERENCE = _moves(conferences, "conference")


def offered(paper: Any, by: Any) -> list[tuple[str, Move]]:
    """Those that the screen shows, in their order."""
    moves = OF_POINT if isinstance(paper, ProgressPoint) else OF_CONFERENCE
    found = [(code, move) for code, move in moves.items() if move.act.offered(by, paper)]
    return [(code, move) for code, move in found if _has_sense(code, paper)]


def _has_sense(code: str, paper: Any) -> bool:
    if code == "renoncer":
        return bool(paper.is_correction)
    if code == "jeter":
        return bool(paper.stage == PaperStage.DRAFTING and not paper.is_correction and not paper.versions.exists())
    return True


def address(paper: Any, name: str = "prepare", *more: str) -> str:
    """The preparation screen of a paper, or another of its pages."""
    if isinstance(paper, Conference):
        return reverse(f"restitution:{name}_conference", args=[paper.gathering.slug, *more])
    return reverse(f"restitution:{name}", args=[paper.gathering.slug, paper.territory.code, *more])


def confirmed(request: HttpRequest, paper: Any, code: str, moves: Mapping[str, Move]) -> HttpResponse:
    move = moves[code]
    back = address(paper)
    facts: dict[str, Any] = {"by": request.user, "now": request.now}
    obstacles = move.act.obstacles(paper, by=request.user, now=request.now)
    if obstacles:
        for reason in obstacles:
            messages.error(request, reason)
        return redirect(back)
    asks = move.with_note and paper.is_correction
    form = NoteForm(request.POST if request.method == "POST" else None) if asks else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            move.act(paper, **facts, **({"note": form.cleaned_data["note"]} if form else {}))
        except Refused as refused:
            refuse(request, refused)
            return redirect(back)
        messages.success(request, str(move.done))
        above = reverse("restitution:pilot_gathering", args=[paper.gathering.slug])
        return redirect(above if move.leaves else back)
    context = {
        "title": move.title,
        "about": str(paper),
        "consequence": move.consequence(paper, request.now),
        "button": move.button,
        "back_url": back,
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form is not None and form.errors else 200)
