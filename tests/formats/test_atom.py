from datetime import UTC, datetime, timedelta, timezone
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.formats.atom import FeedEntry, feed

NS = {"a": "http://www.w3.org/2005/Atom"}
WHEN = datetime(2017, 11, 6, 9, 0, tzinfo=UTC)


def entry(**fields):
    values = {"id": "tag:d.example,2017:chantier/1", "title": "Ouvert", "url": "https://d.example/1", "updated": WHEN}
    return FeedEntry(**(values | fields))


def make(*entries, **fields):
    values = {
        "id": "https://d.example/f.atom",
        "title": "Actualités",
        "url": "https://d.example/",
        "self_url": "https://d.example/f.atom",
        "updated": WHEN,
        "author": "Département de la Gironde",
    }
    return fromstring(feed(entries=entries, **(values | fields)))


def test_a_feed_has_what_rfc_4287_requires():
    root = make(entry(summary="Le chantier est ouvert."))
    assert root.find("a:id", NS).text == "https://d.example/f.atom"
    assert root.find("a:title", NS).text == "Actualités"
    assert root.find("a:author/a:name", NS).text == "Département de la Gironde"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert [link.get("rel") for link in root.findall("a:link", NS)] == ["alternate", "self"]
    row = root.find("a:entry", NS)
    assert row.find("a:id", NS).text == "tag:d.example,2017:chantier/1"
    assert row.find("a:updated", NS).text == "2017-11-06T09:00:00Z"
    assert row.find("a:summary", NS).text == "Le chantier est ouvert."
    assert row.find("a:link", NS).get("href") == "https://d.example/1"


def test_the_feed_is_as_fresh_as_its_latest_entry():
    late = datetime(2017, 11, 7, 1, 0, tzinfo=timezone(timedelta(hours=1)))
    assert make(entry(updated=late)).find("a:updated", NS).text == "2017-11-07T00:00:00Z"
    assert make().find("a:updated", NS).text == "2017-11-06T09:00:00Z"


def test_two_entries_may_not_share_an_id():
    with pytest.raises(ValueError, match="same id"):
        make(entry(), entry())


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="zone"):
        make(entry(updated=datetime(2017, 11, 6)))  # noqa: DTZ001


@given(st.text(max_size=200))
def test_any_text_gives_a_feed_that_can_be_read(text):
    make(entry(title=text, summary=text))
