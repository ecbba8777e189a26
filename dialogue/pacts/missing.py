"""What an edition in preparation still lacks: what holds its adoption back, and what is worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.assembly.models import Proposition
from dialogue.chantiers.stages import Stage
from dialogue.pacts.models import EditionLine, Pact, PactAction, PactEdition
from dialogue.pacts.models.action import HELD
from dialogue.pacts.stages import OPEN
from dialogue.territories.models import Priority

#: The guide: "les propositions validées des chantiers achevés". Their work is delivered, whatever is left to evaluate.
DELIVERED = [Stage.DELIVERED, Stage.COMPLETED, Stage.EVALUATED, Stage.ARCHIVED]


@dataclass(frozen=True)
class Missing:
    """A sentence, the page where it is mended ("" for this one), whether it holds the adoption back."""

    sentence: str
    url: str = ""
    blocking: bool = False


def voted_for(pact: Pact) -> list[Proposition]:
    """Propositions that the assembly adopted, of delivered chantiers of the territory, that no action of the pact carries yet."""
    carried = PactAction.objects.filter(pact=pact, proposition=OuterRef("pk"))
    rows = Proposition.objects.filter(
        ~Exists(carried),
        stage__in=HELD,
        chantier__territories=pact.territory_id,
        chantier__stage__in=DELIVERED,
    )
    return list(rows.select_related("chantier__theme", "resolution").order_by("number"))


def voted_by_territory() -> dict[int, int]:
    """How many such propositions wait in each territory, by its key (1 query)."""
    carried = PactAction.objects.filter(pact__territory=OuterRef("chantier__territories"), proposition=OuterRef("pk"))
    rows = Proposition.objects.filter(~Exists(carried), stage__in=HELD, chantier__stage__in=DELIVERED)
    return dict(rows.order_by().values_list("chantier__territories").annotate(n=Count("pk")))


def last_vote_in(edition: PactEdition) -> date | None:
    """The day of the latest vote that an action of the edition comes from."""
    return edition.lines.aggregate(last=Max("action__proposition__resolution__date"))["last"]


def missing_of(edition: PactEdition, lines: list[EditionLine], today: date) -> list[Missing]:
    """What holds back first. `lines` come from `content.lines_of` (2 queries)."""
    pact = edition.pact
    found = []
    if not edition.introduction.strip():
        found.append(Missing(_("L’introduction est vide."), "#id_introduction", blocking=True))
    if not edition.report.strip() and edition.corrects_id is None and _follows(edition):
        found.append(Missing(_("Le bilan de %(year)d est vide.") % {"year": edition.report_year}, "#id_report", blocking=True))
    if not lines:
        found.append(
            Missing(_("Aucune action n’y figure."), reverse("pacts:add_action", args=[pact.territory.code]), blocking=True)
        )
    if edition.number > 1 and not edition.change_note.strip():
        found.append(Missing(_("Dites ce que cette correction change, et pourquoi."), "#id_change_note", blocking=True))
    found += [
        Missing(no_longer_voted(line.action), reverse("pacts:edit_action", args=[line.action.number]), blocking=True)
        for line in lines
        if not line.action.is_held
    ]
    waiting = len(voted_for(pact))
    if waiting:
        words = ngettext(
            "%(n)d proposition votée n’est pas encore reprise : mettez à jour à partir des données.",
            "%(n)d propositions votées ne sont pas encore reprises : mettez à jour à partir des données.",
            waiting,
        )
        found.append(Missing(words % {"n": waiting}))
    if not Priority.objects.filter(territory=pact.territory_id).exists():
        found.append(
            Missing(_("Aucun enjeu prioritaire n’est choisi."), reverse("territories:priorities_of", args=[pact.territory.code]))
        )
    return [*found, *_of_actions(lines, today)]


def no_longer_voted(action: PactAction) -> str:
    """A vote was corrected, or the proposition given up, after the action was made of it."""
    assert action.proposition is not None  # noqa: S101  it comes from one
    return _("Action n° %(n)d : sa proposition n’est plus votée (%(state)s). Mettez à jour à partir des données.") % {
        "n": action.number, "state": str(action.proposition.get_stage_display()).lower(),
    }  # fmt: skip


def _follows(edition: PactEdition) -> bool:
    """Another year came before: there is something to look back on."""
    return PactEdition.objects.filter(pact=edition.pact_id, year__lt=edition.year).exists()


def _of_actions(lines: list[EditionLine], today: date) -> list[Missing]:
    """One sentence for each line that lacks something."""
    found = []
    for line in lines:
        action, words = line.action, []
        if action.state in OPEN:
            words += [] if action.leader else [_("pas d’organisme pilote")]
            words += [] if action.due_on else [_("pas d’échéance")]
            words += [_("en retard, sans un mot d’explication")] if action.is_late(today) and not line.note else []
        if words:
            sentence = _("Action n° %(n)d : %(what)s.") % {"n": action.number, "what": ", ".join(words)}
            found.append(Missing(sentence, reverse("pacts:edit_action", args=[action.number])))
    return found
