"""What machines of the Département write, with a token: contributions received by another tool."""

# No `from __future__ import annotations`: ninja reads the annotations.
import re
from datetime import date
from typing import Annotated, Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Body, Schema
from ninja.errors import ValidationError as Invalid
from pydantic import BeforeValidator, ConfigDict
from pydantic import Field as Described

from dialogue.contributions.acts.receiving import receive_by_api
from dialogue.contributions.importing.fields import CODES
from dialogue.contributions.importing.lines import Line, Reader
from dialogue.contributions.importing.problems import sentence
from dialogue.contributions.models import MAX_TEXT, Campaign, Contribution
from dialogue.contributions.stages import Naming
from dialogue.formats.tables import Row
from dialogue.ledger import clock
from dialogue.ledger.acts import Refused
from dialogue.opendata.api import CODE, answered, api
from dialogue.opendata.problems import Problem
from dialogue.opendata.resources import absolute
from dialogue.opendata.stages import Scope
from dialogue.opendata.tokens import Bearer, holder

bearer = Bearer()
WRITING = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem}


def _tidy(value: Any) -> Any:
    """Without what no database holds: NUL, halves of characters."""
    if not isinstance(value, str):
        return value
    return value.replace("\x00", " ").encode("utf-8", "replace").decode().strip()


def _iso(value: Any) -> Any:
    """Only as ISO 8601 writes it: a number of seconds is no day."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
        return value
    raise ValueError("AAAA-MM-JJ")


Day = Annotated[date, BeforeValidator(_iso)]


def words(longest: int, about: str, *, least: int = 0) -> Any:
    return Annotated[str, BeforeValidator(_tidy), Described(min_length=least, max_length=longest, description=about)]


class ContributionIn(Schema):
    """Ce qu’un autre outil a reçu. Les mêmes vérifications que pour l’import d’un fichier."""

    model_config = ConfigDict(extra="forbid")

    campagne: Annotated[str, Described(pattern=CODE, description="Nom de la campagne dans son adresse.")]
    identifiant: words(120, "Identifiant dans votre outil : le même deux fois n’ajoute rien.", least=1)  # type: ignore[valid-type]
    titre: words(200, "En une phrase. Sans titre, la première phrase du texte en tient lieu.") = ""  # type: ignore[valid-type]
    texte: words(MAX_TEXT, "Le texte, sans mise en forme.", least=1)  # type: ignore[valid-type]
    nature: Literal["initiative", "besoin", "idee"] | None = Described(None, description="De quoi il s’agit.")
    commune: words(120, "Code INSEE ou nom de la commune.") = ""  # type: ignore[valid-type]
    territoire: words(80, "Code ou nom du territoire, utile sans commune.") = ""  # type: ignore[valid-type]
    lieu: words(120, "Adresse ou lieu-dit.") = ""  # type: ignore[valid-type]
    theme: words(120, "Code ou nom du thème que l’auteur a choisi.") = ""  # type: ignore[valid-type]
    second_theme: words(120, "Code ou nom d’un second thème.") = ""  # type: ignore[valid-type]
    organisme: words(160, "Organisme de l’auteur.") = ""  # type: ignore[valid-type]
    auteur_nom: words(120, "Nom de l’auteur.") = ""  # type: ignore[valid-type]
    auteur_courriel: words(254, "Adresse de l’auteur, jamais montrée : elle sert à répondre.") = ""  # type: ignore[valid-type]
    ecrite_le: Day | None = Described(None, description="Le jour où l’auteur a écrit.")
    publication_acceptee: bool = Described(
        default=False, description="L’auteur accepte la publication. Sinon, l’équipe seule la lit."
    )
    nom_affiche: Literal["organisme", "nom", "aucun"] = Described("aucun", description="Sous quel nom elle paraît.")
    prevenir_auteur: bool = Described(
        default=False, description="Envoyer à l’auteur l’accusé de réception, avec son lien de suivi."
    )


class ContributionOut(Schema):
    numero: int = Described(description="Numéro de la contribution.")
    identifiant: str = Described(description="Votre identifiant.")
    nouvelle: bool = Described(description="Faux : elle était déjà là, rien n’a changé.")
    etape: str = Described(description="Où elle en est.")
    page: str = Described(description="Sa page, lisible une fois publiée.")
    remarques: list[str] = Described(description="Ce qu’il est bon de vérifier : un thème inconnu, un titre coupé…")


NAMINGS = {"organisme": Naming.ORGANISATION, "nom": Naming.NAME, "aucun": Naming.ANONYMOUS}
#: Our names → the fields of an import.
FIELDS = {
    "external_id": "identifiant",
    "title": "titre",
    "text": "texte",
    "nature": "nature",
    "commune": "commune",
    "territory": "territoire",
    "place": "lieu",
    "theme": "theme",
    "second_theme": "second_theme",
    "organisation": "organisme",
    "author_name": "auteur_nom",
    "author_email": "auteur_courriel",
    "written_on": "ecrite_le",
}


@api.post(
    "/contributions/",
    auth=bearer,
    response={201: ContributionOut, 200: ContributionOut, **WRITING},
    operation_id="deposer_contribution",
    summary="Contributions : en déposer une (jeton)",
    description="Idempotent : le même identifiant dans la même campagne rend la contribution déjà reçue, sans rien changer.",
    tags=["Écrire, avec un jeton"],
    url_name="list_contributions",
)
def deposit(request: HttpRequest, given: Body[ContributionIn]) -> Any:
    by = holder(request, Scope.CONTRIBUTIONS)
    if not receive_by_api.allows(by):
        raise PermissionDenied
    campaign = Campaign.objects.visible_to(by).filter(slug=given.campagne).first()
    if campaign is None:
        raise Http404
    known = _known(campaign, given.identifiant)
    if known is not None:
        return _told(known, given, is_new=False)
    now = clock.now()
    line = _line(campaign, given, now)
    if line.is_refused:
        raise Invalid([{"loc": (FIELDS.get(p.column, "texte"),), "type": p.code} for p in line.problems if p.is_fatal])
    naming = NAMINGS[given.nom_affiche]
    more = {"may_publish": given.publication_acceptee, "tell_author": given.prevenir_auteur}
    try:
        row = receive_by_api(campaign, by=by, now=now, external_id=line.external_id, values=line.values, naming=naming, **more)
    except Refused:
        # Another request brought it in the meantime.
        known = _known(campaign, given.identifiant)
        if known is None:
            raise
        return _told(known, given, is_new=False)
    return _told(row, given, is_new=True, line=line)


def _known(campaign: Campaign, identifier: str) -> Contribution | None:
    said = " ".join(identifier.split())
    return Contribution.objects.filter(campaign=campaign, external_id=said).only("number", "stage").first()


def _line(campaign: Campaign, given: ContributionIn, now: Any) -> Line:
    """Read as a line of a file would be."""
    values = {code: getattr(given, FIELDS[code]) for code in CODES}
    cells = [value.isoformat() if isinstance(value, date) else str(value or "") for value in values.values()]
    choices = {"naming": NAMINGS[given.nom_affiche]}
    reader = Reader(campaign, list(CODES), {code: place for place, code in enumerate(CODES)}, choices, at=now, now=now)
    return reader.line(Row(1, cells))


def _told(row: Contribution, given: ContributionIn, *, is_new: bool, line: Line | None = None) -> Any:
    told = {
        "numero": row.number,
        "identifiant": " ".join(given.identifiant.split()),
        "nouvelle": is_new,
        "etape": row.stage,
        "page": absolute(row.get_absolute_url()),
        "remarques": [sentence(problem.code) for problem in line.problems] if line else [],
    }
    return answered(told, 201 if is_new else 200)
