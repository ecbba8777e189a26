"""What the assembly's own tool writes, with a token: the vote of a proposition that is on the agenda of a session."""

# No `from __future__ import annotations`: ninja reads the annotations.
from typing import Annotated, Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Body, Schema
from ninja.errors import ValidationError as Invalid
from pydantic import ConfigDict
from pydantic import Field as Described

from dialogue.assembly.acts.votes import BadVote, record_vote
from dialogue.assembly.models import Proposition, Resolution
from dialogue.assembly.stages import Outcome
from dialogue.ledger import clock
from dialogue.ledger.acts import Refused
from dialogue.opendata.api import LARGEST, answered, api
from dialogue.opendata.api_writes import WRITING, Day, bearer, words
from dialogue.opendata.resources import absolute
from dialogue.opendata.stages import Scope
from dialogue.opendata.tokens import holder

Count = Annotated[int, Described(ge=0, le=999)] | None


class VoteIn(Schema):
    """Ce que l’assemblée a décidé, tel que le secrétariat l’enregistre."""

    model_config = ConfigDict(extra="forbid")

    proposition: Annotated[int, Described(ge=1, le=LARGEST, description="Numéro de la proposition.")]
    issue: Literal["adopted", "adopted_amended", "rejected", "adjourned", "referred_back"]
    date: Day
    deliberation: words(40, "Numéro de la délibération.") = ""  # type: ignore[valid-type]
    matiere_code: words(8, "Code de la matière (nomenclature Actes), par exemple 7.5.") = ""  # type: ignore[valid-type]
    objet: words(500, "Objet ; par défaut, le titre de la proposition.") = ""  # type: ignore[valid-type]
    texte_adopte: words(20_000, "Pour une proposition modifiée : le texte adopté.") = ""  # type: ignore[valid-type]
    raison: words(2000, "Pour un ajournement ou un renvoi.") = ""  # type: ignore[valid-type]
    pour: Count = None
    contre: Count = None
    abstentions: Count = None
    ne_prennent_pas_part: Count = None
    effectif: Count = None
    adresse: words(500, "Adresse de la délibération, si elle est en ligne.") = ""  # type: ignore[valid-type]


class VoteOut(Schema):
    identifiant: int = Described(description="Identifiant du vote.")
    nouveau: bool = Described(description="Faux : il était déjà enregistré, rien n’a changé.")
    page: str = Described(description="La proposition sur ce site.")


#: Our names → the facts of a vote.
FACTS = {
    "number": "deliberation",
    "matter_code": "matiere_code",
    "adopted_text": "texte_adopte",
    "reason": "raison",
    "votes_for": "pour",
    "votes_against": "contre",
    "abstentions": "abstentions",
    "not_voting": "ne_prennent_pas_part",
    "members_count": "effectif",
    "url": "adresse",
}
NAMES = FACTS | {"outcome": "issue", "date": "date", "object": "objet"}


@api.post(
    "/votes/",
    auth=bearer,
    response={201: VoteOut, 200: VoteOut, **WRITING},
    operation_id="enregistrer_vote",
    summary="Votes : en enregistrer un (jeton)",
    description="Idempotent : le même vote de la même proposition, le même jour, n’est enregistré qu’une fois. Il se corrige sur le site.",
    tags=["Écrire, avec un jeton"],
    url_name="list_votes",
)
def vote(request: HttpRequest, given: Body[VoteIn]) -> Any:
    by = holder(request, Scope.VOTES)
    proposition = Proposition.objects.visible_to(by).select_related("session", "chantier").filter(number=given.proposition).first()
    if proposition is None:
        raise Http404
    if not record_vote.allows(by, proposition):
        raise PermissionDenied
    if known := _known(proposition, given):
        return _told(known, is_new=False)
    facts = {name: getattr(given, said) for name, said in FACTS.items()} | ({"object": given.objet} if given.objet else {})
    try:
        made = record_vote(proposition, by=by, now=clock.now(), outcome=Outcome(given.issue), date=given.date, **facts)
    except (BadVote, Refused) as refused:
        if known := _known(proposition, given):
            # Another request brought it in the meantime.
            return _told(known, is_new=False)
        if not isinstance(refused, BadVote):
            raise
        told = [(NAMES.get(name, name), sentence) for name, sentences in refused.errors.items() for sentence in sentences]
        raise Invalid([{"loc": (name,), "type": "said", "msg": sentence} for name, sentence in told]) from refused
    return _told(made, is_new=True)


def _known(proposition: Proposition, given: VoteIn) -> Resolution | None:
    same = Resolution.objects.filter(proposition=proposition, date=given.date, outcome=given.issue, number=given.deliberation)
    return same.order_by("pk").first()


def _told(row: Resolution, *, is_new: bool) -> Any:
    page = absolute(row.proposition.get_absolute_url())
    return answered({"identifiant": row.pk, "nouveau": is_new, "page": page}, 201 if is_new else 200)
