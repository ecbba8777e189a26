import io
import json

from dialogue.formats import tables
from dialogue.formats.decidim import layout, plain, proposal
from dialogue.formats.xlsx import rows as workbook

#: Names of 0.24, of 0.28 and of 0.30, flattened.
OLD = (
    "id,category/id,category/name/en,category/name/fr,scope/id,scope/name/en,scope/name/fr,participatory_space/id,"
    "participatory_space/url,component/id,title/en,title/fr,body/en,body/fr,state,reference,answer/fr,supports,"
    "endorsements/total_count,endorsements/user_endorsements,comments,attachments,followers,published_at,url,meeting_urls,"
    "related_proposals,is_amend,original_proposal/title,original_proposal/url"
)
OLD_ROW = (
    '12,3,Food,Alimentation,4,,Libournais,1,http://p,9,,Des cantines locales,,"<p>Un &amp; deux</p><ul><li>trois</li></ul>",'
    'accepted,DEP-PROP-2016-11-12,,5,2,"Anne, Paul",0,0,1,2016-11-14 18:05:00 UTC,http://p/12,,,false,,'
)
MIDDLE = (
    "id;author/id;author/name;author/url;category/id;category/name/fr;scope/id;scope/name/fr;participatory_space/id;"
    "participatory_space/url;component/id;title/fr;title/machine_translations/en;body/fr;address;latitude;longitude;state;reference;"
    "answered_at;published_at;url;is_amend;withdrawn;withdrawn_at"
)
MIDDLE_ROW = (
    "13;5;Anne Petit;http://u;;;;;1;http://p;9;Titre;Title;'- a < b;1 rue X, Bègles;44.8;-0.5;withdrawn;R-13;;"
    "2024-01-02 10:00:00 +0100;u;true;true;2024-02-01"
)
NEW = {
    "id": 14,
    "author": {"id": [5, 6], "name": ["Anne", "Paul"], "url": ["a", "b"]},
    "taxonomies": {"ids": [7, 8], "7": {"fr": "Mobilités", "en": "Mobility"}, "8": {"en": "Bikes", "fr": ""}},
    "participatory_space": {"id": 1, "url": "http://p"},
    "component": {"id": 9},
    "title": {"en": "Lanes", "machine_translations": {"fr": "Pistes"}},
    "body": {"en": "More lanes", "machine_translations": {"fr": "Plus de pistes"}},
    "address": None,
    "latitude": 44.8,
    "longitude": -0.5,
    "state": "not_answered",
    "reference": "R-14",
    "votes": 3,
    "likes": {"total_count": 0, "user_endorsements": []},
    "published_at": "2025-01-02T10:00:00.000+01:00",
    "url": "u",
    "is_amend": False,
    "withdrawn": False,
}


def proposals(data: bytes, language: str = "fr") -> list[dict[str, str]]:
    file = io.BytesIO(data)
    source = tables.detect(file)
    found = layout(tables.header(file, source).cells, language=language)
    assert found is not None
    return [proposal(row.cells, found) for row in tables.read(file, source)]


def said(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def test_an_export_of_2020_is_read():
    assert [said(found) for found in proposals(f"{OLD}\n{OLD_ROW}\n".encode())] == [
        {
            "external_id": "12",
            "title": "Des cantines locales",
            "text": "Un & deux\n\n- trois",
            "theme": "Alimentation",
            "territory": "Libournais",
            "written_on": "2016-11-14 18:05:00 UTC",
            "status": "accepted",
            "url": "http://p/12",
            "reference": "DEP-PROP-2016-11-12",
            "is_amendment": "non",
            "is_withdrawn": "non",
        }
    ]


def test_an_export_of_2023_is_read_from_a_workbook_too():
    expected = {
        "external_id": "13",
        "title": "Titre",
        "text": "- a < b",
        "author_name": "Anne Petit",
        "written_on": "2024-01-02 10:00:00 +0100",
        "status": "withdrawn",
        "address": "1 rue X, Bègles",
        "latitude": "44.8",
        "longitude": "-0.5",
        "url": "u",
        "reference": "R-13",
        "is_amendment": "oui",
        "is_withdrawn": "oui",
    }
    assert [said(found) for found in proposals(f"{MIDDLE}\n{MIDDLE_ROW}\n".encode())] == [expected]
    written = b"".join(workbook(MIDDLE.split(";"), [MIDDLE_ROW.split(";")]))
    assert [said(found) for found in proposals(written)] == [expected]


def test_an_export_of_2025_is_read_from_json():
    assert [said(found) for found in proposals(json.dumps([NEW], indent=2).encode())] == [
        {
            "external_id": "14",
            "title": "Lanes",
            "text": "More lanes",
            "theme": "Mobilités",
            "second_theme": "Bikes",
            "author_name": "Anne, Paul",
            "written_on": "2025-01-02T10:00:00.000+01:00",
            "status": "not_answered",
            "latitude": "44.8",
            "longitude": "-0.5",
            "url": "u",
            "reference": "R-14",
            "is_amendment": "non",
            "is_withdrawn": "non",
        }
    ]


def test_addresses_of_authors_are_found_in_the_french_branch():
    header = [*OLD.split(","), "authors/names", "authors/nicknames", "authors/emails"]
    found = layout(header)
    assert (found.columns["author_name"], found.columns["author_email"]) == ((30,), (32,))


def test_another_table_is_no_export_of_proposals():
    assert layout(["id", "titre", "texte"]) is None
    assert layout(["id", "title", "body", "state", "url"]) is None
    assert layout([name for name in OLD.split(",") if not name.startswith("title")]) is None


def test_a_text_that_is_no_html_stays():
    assert plain("a < b & c > d\nligne") == "a < b & c > d\nligne"
    assert plain("L&#39;eau\nici") == "L'eau\nici"
    assert plain("<h2>Titre</h2>\n suite", one_line=True) == "Titre suite"
