"""A catalogue of data sets as DCAT 2 says it (W3C), for the European profile DCAT-AP: JSON-LD and Turtle say the same.

Dataclasses in, text out; addresses must be absolute IRIs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA = "https://www.iana.org/assignments/media-types/"
LANGUAGE = "http://publications.europa.eu/resource/authority/language/FRA"
#: How often it changes: when something is published.
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/CONT"
FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
FILE_TYPES = {"csv": "CSV", "xlsx": "XLSX", "json": "JSON", "geojson": "GEOJSON"}


@dataclass(frozen=True)
class Distribution:
    """`format`: csv, xlsx, json or geojson; `media_type` as IANA names it."""

    iri: str
    title: str
    url: str
    format: str
    media_type: str


@dataclass(frozen=True)
class Service:
    """The API."""

    iri: str
    title: str
    endpoint: str
    description: str


@dataclass(frozen=True)
class Dataset:
    iri: str
    title: str
    description: str
    page: str
    keywords: Sequence[str] = ()
    issued: datetime | None = None
    modified: datetime | None = None
    distributions: Sequence[Distribution] = ()


@dataclass(frozen=True)
class Catalogue:
    iri: str
    title: str
    description: str
    page: str
    publisher: str
    publisher_iri: str
    email: str
    licence: str
    datasets: Sequence[Dataset] = ()
    service: Service | None = None
    modified: datetime | None = None
    spatial: str = ""


@dataclass(frozen=True)
class Iri:
    value: str


@dataclass(frozen=True)
class Literal:
    """`kind`: a name of the XML Schema (`dateTime`), or "" for a text; `language` for a text in a language."""

    value: str
    kind: str = ""
    language: str = ""


Object = Iri | Literal
#: subject → its types, then (property, object).
Node = tuple[str, list[tuple[str, Object]]]


def _text(value: str) -> Literal:
    return Literal(value, language="fr")


@dataclass
class _Nodes:
    catalogue: Catalogue
    found: list[Node] = field(default_factory=list)

    def add(self, iri: str, kind: str, *said: tuple[str, Object | None]) -> None:
        self.found.append((iri, [("rdf:type", Iri(_long(kind))), *((name, thing) for name, thing in said if thing is not None)]))


def nodes(catalogue: Catalogue) -> list[Node]:
    """The graph, node by node."""
    made = _Nodes(catalogue)
    licence, publisher = Iri(catalogue.licence), Iri(catalogue.publisher_iri)
    contact = f"{catalogue.publisher_iri}-contact"
    made.add(
        catalogue.iri,
        "dcat:Catalog",
        ("dct:title", _text(catalogue.title)),
        ("dct:description", _text(catalogue.description)),
        ("dct:publisher", publisher),
        ("dct:license", licence),
        ("dct:language", Iri(LANGUAGE)),
        ("foaf:homepage", Iri(catalogue.page)),
        ("dct:modified", _moment(catalogue.modified)),
        ("dct:spatial", Iri(catalogue.spatial) if catalogue.spatial else None),
        *(("dcat:dataset", Iri(dataset.iri)) for dataset in catalogue.datasets),
        *((("dcat:service", Iri(catalogue.service.iri)),) if catalogue.service else ()),
    )
    made.add(catalogue.publisher_iri, "foaf:Agent", ("foaf:name", _text(catalogue.publisher)))
    made.add(
        contact,
        "vcard:Organization",
        ("vcard:fn", _text(catalogue.publisher)),
        ("vcard:hasEmail", Iri(f"mailto:{catalogue.email}")),
    )
    for dataset in catalogue.datasets:
        _dataset(made, dataset, licence, publisher, Iri(contact))
    if catalogue.service:
        _service(made, catalogue.service, licence, publisher)
    return made.found


def _dataset(made: _Nodes, dataset: Dataset, licence: Iri, publisher: Iri, contact: Iri) -> None:
    made.add(
        dataset.iri,
        "dcat:Dataset",
        ("dct:title", _text(dataset.title)),
        ("dct:description", _text(dataset.description)),
        ("dct:publisher", publisher),
        ("dct:license", licence),
        ("dct:language", Iri(LANGUAGE)),
        ("dct:accrualPeriodicity", Iri(FREQUENCY)),
        ("dct:issued", _moment(dataset.issued)),
        ("dct:modified", _moment(dataset.modified)),
        ("dcat:contactPoint", contact),
        ("dcat:landingPage", Iri(dataset.page)),
        *(("dcat:keyword", _text(word)) for word in dataset.keywords),
        *(("dcat:distribution", Iri(one.iri)) for one in dataset.distributions),
    )
    for one in dataset.distributions:
        made.add(
            one.iri,
            "dcat:Distribution",
            ("dct:title", _text(one.title)),
            ("dct:license", licence),
            ("dcat:accessURL", Iri(dataset.page)),
            ("dcat:downloadURL", Iri(one.url)),
            ("dcat:mediaType", Iri(MEDIA + one.media_type)),
            ("dct:format", Iri(FILE_TYPE + FILE_TYPES[one.format])),
            ("dct:modified", _moment(dataset.modified)),
        )


def _service(made: _Nodes, service: Service, licence: Iri, publisher: Iri) -> None:
    made.add(
        service.iri,
        "dcat:DataService",
        ("dct:title", _text(service.title)),
        ("dct:publisher", publisher),
        ("dct:license", licence),
        ("dcat:endpointURL", Iri(service.endpoint)),
        ("dcat:endpointDescription", Iri(service.description)),
        *(("dcat:servesDataset", Iri(dataset.iri)) for dataset in made.catalogue.datasets),
    )


def _moment(value: datetime | None) -> Literal | None:
    return Literal(value.isoformat(timespec="seconds"), "dateTime") if value else None


def _long(name: str) -> str:
    prefix, _, end = name.partition(":")
    return PREFIXES[prefix] + end


# JSON-LD -----------------------------------------------------------------------------------------------------------


def jsonld(catalogue: Catalogue) -> str:
    """Flat: every node at the first level, the prefixes in a context of its own (no other file is asked for)."""
    graph = [_as_json(iri, said) for iri, said in nodes(catalogue)]
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _as_json(iri: str, said: Sequence[tuple[str, Object]]) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": iri}
    for name, thing in said:
        if name == "rdf:type" and isinstance(thing, Iri):
            node["@type"] = [thing.value]
        else:
            node.setdefault(name, []).append(_value(thing))
    return node


def _value(thing: Object) -> dict[str, str]:
    if isinstance(thing, Iri):
        return {"@id": thing.value}
    if thing.language:
        return {"@value": thing.value, "@language": thing.language}
    return {"@value": thing.value, "@type": f"xsd:{thing.kind}"}


# Turtle ------------------------------------------------------------------------------------------------------------


def turtle(catalogue: Catalogue) -> str:
    return "".join(_lines(catalogue))


def _lines(catalogue: Catalogue) -> Iterator[str]:
    yield from (f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for iri, said in nodes(catalogue):
        told = [f"{'a' if name == 'rdf:type' else name} {_turtle(thing)}" for name, thing in said]
        yield f"\n{_turtle(Iri(iri))}\n  " + " ;\n  ".join(told) + " .\n"


#: What an IRI may not hold in Turtle (IRIREF).
_UNSAFE = {ord(sign): f"%{ord(sign):02X}" for sign in '<>"{}|^`\\ '} | {number: f"%{number:02X}" for number in range(0x21)}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _turtle(thing: Object) -> str:
    if isinstance(thing, Iri):
        return f"<{thing.value.translate(_UNSAFE)}>"
    quoted = f'"{thing.value.translate(_ESCAPES)}"'
    if thing.language:
        return f"{quoted}@{thing.language}"
    return f"{quoted}^^xsd:{thing.kind}"
