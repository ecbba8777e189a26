"""Doors of the open data: pages, files, the API, what other sites embed, the tokens."""

from __future__ import annotations

from django.urls import URLPattern, path

from dialogue.opendata import api_paths, api_votes, api_writes  # noqa: F401  (declare their operations)
from dialogue.opendata.api import api
from dialogue.opendata.serving import for_everyone
from dialogue.opendata.views import embed, machines, pages, tokens

app_name = "opendata"
#: Operations that write, by the name of their address.
WRITES = {"list_contributions": ("POST",), "list_votes": ("POST",)}


def _operations() -> list[URLPattern]:
    """The addresses that ninja made, each served as everything here is; its own pages apart."""
    found = []
    for each in api.urls[0]:
        name = each.name or ""
        if name not in {"openapi-json", "api-root"}:
            view = for_everyone(*WRITES.get(name, ()))(each.callback)
            found.append(path(f"api/v1/{each.pattern}", view, name=f"api_{name}"))
    return found


urlpatterns = [
    path("donnees/", pages.datasets, name="datasets"),
    path("donnees/catalogue.<slug:extension>", machines.catalogue, name="catalogue"),
    path("donnees/<slug:code>/", pages.dataset, name="dataset"),
    path("donnees/<slug:code>.<slug:extension>", machines.file, name="file"),
    path("api/", pages.documentation, name="documentation"),
    path("api/v1/openapi.json", machines.openapi, name="openapi"),
    *_operations(),
    path("api/v1/<path:rest>", machines.nowhere, name="api_nowhere"),
    path("integrer/", embed.configure, name="configure"),
    path("integrer/chantiers/", embed.chantiers, name="embed_chantiers"),
    path("integrer/chantiers/<slug:slug>/", embed.chantier, name="embed_chantier"),
    path("integrer/agenda/", embed.agenda, name="embed_agenda"),
    path("pilotage/donnees-ouvertes/jetons/", tokens.tokens, name="tokens"),
    path("pilotage/donnees-ouvertes/jetons/<int:pk>/revoquer/", tokens.revoke, name="revoke_token"),
]
