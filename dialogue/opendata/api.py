"""The API: for each resource of `sets`, a list and one item, in JSON, described by OpenAPI; and the doors of tokens."""

# No `from __future__ import annotations`: ninja reads the annotations of the operations made here.
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import override
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Invalid
from pydantic import AfterValidator, BeforeValidator, ConfigDict, create_model
from pydantic import Field as Described

from dialogue.ledger.acts import Refused
from dialogue.opendata import sets
from dialogue.opendata.fields import schema_of
from dialogue.opendata.problems import CONTENT_TYPE, Problem, faults, problem
from dialogue.opendata.resources import Resource, Typed, absolute

PREFIX = "/api/v1/"
MOST, USUAL, FURTHEST = 100, 20, 1_000_000
#: The largest number that every database holds.
LARGEST = 2**31 - 1
CODE = r"^[-a-zA-Z0-9_]{1,80}$"
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
DESCRIPTION = (
    "Les données publiques du dialogue entre le Département et ses partenaires, en lecture seule, sous Licence Ouverte 2.0. "
    "Quelques adresses demandent un jeton : elles servent aux automatismes du Département. Erreurs selon la RFC 9457."
)


FIRST, LAST = 1900, 2200


def _near(value: date) -> date:
    """A day that a database holds: nothing here is older nor later, so that the answer is the same."""
    return value.replace(year=min(max(value.year, FIRST), LAST), month=1, day=1) if not FIRST <= value.year <= LAST else value


def _aware(value: datetime) -> datetime:
    if not FIRST <= value.year <= LAST:
        return datetime(min(max(value.year, FIRST), LAST), 1, 1, tzinfo=UTC)
    return value if value.tzinfo else timezone.make_aware(value)


def _written(value: Any) -> Any:
    """Only as ISO 8601 writes it: a number of seconds is no date here."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d{2}-\d{2}(?:$|[T ])", value):
        raise ValueError("ISO 8601")
    return value


def _without_nul(value: str) -> str:
    return value.replace("\x00", " ")


TYPES: dict[Typed, Any] = {
    Typed.CODE: Annotated[str, Described(pattern=CODE)],
    Typed.WORDS: Annotated[str, Described(max_length=200), AfterValidator(_without_nul)],
    Typed.INTEGER: Annotated[int, Described(ge=0, le=LARGEST)],
    Typed.DAY: Annotated[date, BeforeValidator(_written), AfterValidator(_near)],
    Typed.MOMENT: Annotated[datetime, BeforeValidator(_written), AfterValidator(_aware)],
}


class Api(NinjaAPI):
    """As ninja's, with errors told as what they are, and described once."""

    described: Any = None

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        if self.described is None:
            found = super().get_openapi_schema(path_prefix=PREFIX, path_params=path_params)
            for operations in found["paths"].values():
                for operation in operations.values():
                    for status, answer in operation["responses"].items():
                        if int(status) >= 400 and "content" in answer:  # noqa: PLR2004
                            answer["content"] = {CONTENT_TYPE: next(iter(answer["content"].values()))}
            self.described = found
        return self.described


api = Api(
    title="Dialogue territorial : données ouvertes",
    version="1.0.0",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="opendata-api",
    openapi_extra={
        "info": {"license": {"name": "Licence Ouverte 2.0", "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}},
        "externalDocs": {"url": absolute("/api/"), "description": "Documentation et exemples"},
    },
)


@api.exception_handler(Http404)
def _absent(request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(404, "Cet élément n’existe pas, ou n’est pas public.")


@api.exception_handler(Invalid)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(422, "Un paramètre ou un champ n’est pas ce qui est attendu.", errors=faults(error.errors))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _error: Any) -> HttpResponse:
    detail = "Donnez un jeton valable : « Authorization: Bearer … »."
    return problem(401, detail, headers={"WWW-Authenticate": 'Bearer realm="api"'})


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(422 if error.status_code == 400 else error.status_code, "Le corps de la demande n’est pas du JSON lisible.")  # noqa: PLR2004


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(403, "Ce jeton, ou la personne à qui il a été donné, n’a pas ce droit.")


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(409, " ".join(map(str, error.reasons)))


def answered(data: Any, status: int = 200) -> HttpResponse:
    """JSON that needs no other check: `Field` wrote it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def _filters_of(resource: Resource) -> type[Schema]:
    columns: dict[str, Any] = {}
    for each in resource.filters:
        typed = Literal[each.codes] if each.codes else TYPES[each.typed]
        columns[each.name] = (typed | None, Described(None, description=str(each.about)))
    columns["limit"] = (int, Described(USUAL, ge=1, le=MOST, description=f"Éléments par page, {MOST} au plus."))
    columns["offset"] = (int, Described(0, ge=0, le=FURTHEST, description="Éléments à sauter."))
    return create_model(f"Filtres{resource.item}", __config__=ConfigDict(extra="forbid"), **columns)


def _page_of(resource: Resource) -> type[Schema]:
    item = schema_of(f"{resource.item}Resume" if _has_detail(resource) else resource.item, resource.listed)
    return create_model(
        f"Page{resource.item}",
        __base__=Schema,
        total=(int, Described(description="Nombre d’éléments qui répondent aux filtres.")),
        next=(str | None, Described(description="Adresse de la page suivante, s’il y en a une.")),
        previous=(str | None, Described(description="Adresse de la page précédente, s’il y en a une.")),
        results=(list[item], Described(description="Les éléments de la page.")),  # type: ignore[valid-type]
    )


def _has_detail(resource: Resource) -> bool:
    return any(field.detail for field in resource.fields)


FAILING = {422: Problem, 429: Problem}


def _listing(resource: Resource) -> Callable[..., Any]:
    model = _filters_of(resource)
    known = set(model.model_fields)

    def listing(request: HttpRequest, filters: Query[model]) -> Any:  # type: ignore[valid-type]
        if unknown := sorted(set(request.GET) - known):
            raise Invalid([{"loc": (name,), "type": "extra_forbidden"} for name in unknown])
        return answered(_page(resource, filters), 200)

    return listing


def _page(resource: Resource, filters: Any) -> dict[str, Any]:
    given = {each.name: value for each in resource.filters if (value := getattr(filters, each.name)) is not None}
    rows = resource.rows()
    for each in resource.filters:
        if each.name in given:
            rows = each.apply(rows, given[each.name])
    total = rows.order_by().count()
    limit, offset = filters.limit, filters.offset
    found = [resource.item_of(row) for row in rows[offset : offset + limit]] if offset < total else []

    def page(at: int) -> str:
        said = {name: _said(value) for name, value in given.items()}
        return absolute(f"{resource.api_path()}?{urlencode(said | {'limit': limit, 'offset': at})}")

    return {
        "total": total,
        "next": page(offset + limit) if offset + limit < total else None,
        "previous": page(max(0, offset - limit)) if offset else None,
        "results": found,
    }


def _said(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _reading(resource: Resource) -> Callable[..., Any]:
    about = f"`{resource.key_field}` de l’élément."
    if resource.key_type is int:
        typed: Any = Annotated[int, Described(ge=0, le=LARGEST, description=about)]
    else:
        typed = Annotated[str, Described(pattern=UUID if resource.key.endswith("uid") else CODE, description=about)]

    def reading(request: HttpRequest, cle: Path[typed]) -> Any:  # type: ignore[valid-type]
        if request.GET:
            raise Invalid([{"loc": (name,), "type": "extra_forbidden"} for name in sorted(request.GET)])
        row = resource.one(resource.rows().filter(**{resource.key: cle})).first()
        if row is None:
            raise Http404
        return answered(resource.item_of(row, whole=True))

    return reading


def _declare(resource: Resource) -> None:
    code = resource.code.replace("-", "_")
    common = {"tags": [str(resource.title)]}
    api.get(
        f"/{resource.code}/",
        response={200: _page_of(resource), **FAILING},
        operation_id=f"lister_{code}",
        summary=f"{resource.title} : la liste",
        description=str(resource.about),
        url_name=f"list_{code}",
        **common,
    )(_listing(resource))
    api.get(
        f"/{resource.code}/{{cle}}/",
        response={200: schema_of(resource.item, resource.fields), 404: Problem, **FAILING},
        operation_id=f"lire_{code}",
        summary=f"{resource.title} : un élément",
        url_name=f"item_{code}",
        **common,
    )(_reading(resource))


class Entrance(Schema):
    code: str
    titre: str
    description: str
    liste: str
    fichiers: list[str]


class Root(Schema):
    version: str
    documentation: str
    openapi: str
    catalogue: str
    licence: str
    ressources: list[Entrance]


@api.get(
    "/",
    response={200: Root, **FAILING},
    operation_id="racine",
    summary="Ce qui peut être demandé",
    tags=["Entrée"],
    url_name="root",
)
def root(request: HttpRequest) -> Any:
    if request.GET:
        raise Invalid([{"loc": (name,), "type": "extra_forbidden"} for name in sorted(request.GET)])
    return answered(
        {
            "version": api.version,
            "documentation": absolute("/api/"),
            "openapi": absolute(f"{PREFIX}openapi.json"),
            "catalogue": absolute("/donnees/catalogue.jsonld"),
            "licence": "Licence Ouverte 2.0",
            "ressources": [
                {
                    "code": r.code,
                    "titre": str(r.title),
                    "description": str(r.about),
                    "liste": absolute(r.api_path()),
                    "fichiers": [absolute(f"/donnees/{r.code}.{extension}") for extension in r.formats],
                }
                for r in sets.ALL
            ],
        }
    )


with override("fr"):  # whoever asks first
    for _resource in sets.ALL:
        _declare(_resource)
