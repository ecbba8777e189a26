"""The files of a data set, written as they are read; and the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from dialogue.formats import csv, dcat, geojson, json, xlsx
from dialogue.opendata import sets
from dialogue.opendata.resources import Resource, absolute

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": xlsx.CONTENT_TYPE,
    "json": "application/json; charset=utf-8",
    "geojson": geojson.CONTENT_TYPE,
}
NAMES = {"csv": "CSV", "xlsx": "XLSX (Excel)", "json": "JSON", "geojson": "GeoJSON"}
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
LICENCE_NAME = "Licence Ouverte 2.0"


def body(resource: Resource, extension: str, *, made_at: datetime, publisher: str) -> Iterator[bytes]:
    """In blocks; memory does not grow with the number of rows."""
    if extension in {"csv", "xlsx"}:
        heading = [column.code for column in resource.columns]
        lines = ([column.cell(row) for column in resource.columns] for row in resource.lines())
        return csv.rows(heading, lines) if extension == "csv" else xlsx.rows(heading, lines, sheet=resource.code)
    about = _about(resource, made_at, publisher)
    if extension == "geojson":
        return geojson.collection(_features(resource), about=about)
    items = ({column.code: column.json(row) for column in resource.columns} for row in resource.lines())
    return json.document(about, items, name="donnees")


def _about(resource: Resource, made_at: datetime, publisher: str) -> dict[str, Any]:
    return {
        "titre": str(resource.title),
        "source": absolute(f"/donnees/{resource.code}/"),
        "producteur": publisher,
        "licence": LICENCE,
        "etabli_le": timezone.localtime(made_at).replace(microsecond=0),
    }


def _features(resource: Resource) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    assert resource.geometry is not None  # noqa: S101 (`formats` says so)
    shown = [field for field in resource.columns if field.is_flat]
    for row in resource.lines(resource.with_geometry(resource.rows())):
        properties = {field.code: field.json(row) for field in shown}
        yield properties[resource.key_field], resource.geometry(row), properties


def catalogue(*, publisher: str, email: str, modified: datetime | None) -> dcat.Catalogue:
    home = absolute("/donnees/")
    return dcat.Catalogue(
        iri=f"{home}#catalogue",
        title=f"Données ouvertes du dialogue territorial : {publisher}",
        description="Chantiers, séances, décisions, contributions et cadre du dialogue entre le Département et ses partenaires.",
        page=home,
        publisher=publisher,
        publisher_iri=f"{home}#producteur",
        email=email,
        licence=LICENCE,
        datasets=[_dataset(resource, modified) for resource in sets.ALL],
        service=dcat.Service(
            f"{home}#api", "API du dialogue territorial", absolute("/api/v1/"), absolute("/api/v1/openapi.json")
        ),
        modified=modified,
    )


def _dataset(resource: Resource, modified: datetime | None) -> dcat.Dataset:
    page = absolute(f"/donnees/{resource.code}/")
    return dcat.Dataset(
        iri=f"{page}#jeu",
        title=str(resource.title),
        description=str(resource.about),
        page=page,
        keywords=resource.keywords,
        modified=modified,
        distributions=[
            dcat.Distribution(
                iri=f"{page}#{extension}",
                title=f"{resource.title}, {NAMES[extension]}",
                url=absolute(f"/donnees/{resource.code}.{extension}"),
                format=extension,
                media_type=CONTENT_TYPES[extension].partition(";")[0],
            )
            for extension in resource.formats
        ],
    )
