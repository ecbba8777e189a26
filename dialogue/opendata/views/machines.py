"""What machines read: the OpenAPI description, the files, the catalogue, and addresses of the API that do not exist."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from dialogue.formats import dcat
from dialogue.opendata import files, sets, version
from dialogue.opendata.api import answered, api
from dialogue.opendata.problems import problem
from dialogue.opendata.serving import for_everyone, in_french
from dialogue.territories.models import Department


@for_everyone(limited=False)
def openapi(request: HttpRequest) -> HttpResponseBase:
    return answered(api.get_openapi_schema())


@for_everyone()
def nowhere(request: HttpRequest, rest: str) -> HttpResponseBase:
    """An address without its last sign is led to the right one; any other is a 404 as the API says it."""
    if not rest.endswith("/") and _exists(f"{request.path}/"):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{request.path}/" + (f"?{query}" if query else ""))
    return problem(404, "Cette adresse n’existe pas dans l’API : voyez la documentation.")


def _exists(path: str) -> bool:
    try:
        return resolve(path).url_name != "api_nowhere"
    except Resolver404:
        return False


def _publisher() -> tuple[str, str]:
    found = Department.objects.first()
    return (f"Département : {found.name}", found.contact_email) if found else ("Département", "contact@localhost")


@for_everyone()
def file(request: HttpRequest, code: str, extension: str) -> HttpResponseBase:
    """A data set whole."""
    resource = sets.BY_CODE.get(code)
    if resource is None or extension not in resource.formats:
        raise Http404
    publisher, _email = _publisher()
    made = files.body(resource, extension, made_at=request.now, publisher=publisher)  # type: ignore[attr-defined]
    response = StreamingHttpResponse(in_french(made), content_type=files.CONTENT_TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{code}.{extension}"'
    response["Link"] = f'<{files.LICENCE}>; rel="license"'
    return response


CATALOGUES: dict[str, tuple[str, Any]] = {
    "jsonld": ("application/ld+json", dcat.jsonld),
    "ttl": ("text/turtle; charset=utf-8", dcat.turtle),
}


@for_everyone(limited=False)
def catalogue(request: HttpRequest, extension: str) -> HttpResponseBase:
    if extension not in CATALOGUES:
        raise Http404
    content_type, write = CATALOGUES[extension]
    publisher, email = _publisher()
    text = write(files.catalogue(publisher=publisher, email=email, modified=version.current().at))
    return HttpResponse(text, content_type=content_type)
