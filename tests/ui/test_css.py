"""The served sheets are those of the sources."""

import brotli

from dialogue.ui.css import SERVED, SOURCES, compressible, minified, twin

BUDGET = 70_000


def test_the_served_sheets_are_in_step_with_their_sources():
    sources = {source.name: source for source in SOURCES.glob("*.css")}
    assert {sheet.name for sheet in SERVED.glob("*.css")} == set(sources)
    stale = [n for n, s in sources.items() if (SERVED / n).read_text("utf-8") != minified(s.read_text("utf-8"))]
    assert stale == [], "run: python -m dialogue.ui.css"


def test_the_compressed_twins_say_the_same_and_are_what_is_sent(client):
    stale = [file.name for file in compressible() if brotli.decompress(twin(file).read_bytes()) != file.read_bytes()]
    assert stale == [], "run: python -m dialogue.ui.css"
    answer = client.get("/static/ui/ui.css", headers={"accept-encoding": "br"})
    assert answer["Content-Encoding"] == "br"
    assert len(b"".join(answer.streaming_content)) == twin(SERVED / "ui.css").stat().st_size


def test_comments_and_needless_spaces_are_taken_away():
    assert minified("/* x */ a,  b { color : red;\n margin: 0 auto; }\n") == "a,b{color :red;margin:0 auto}\n"


def test_no_family_of_pages_has_more_than_half_of_its_budget_in_sheets():
    common = sum((SERVED / name).stat().st_size for name in ("tokens.css", "sombre.css", "ui.css", "ui.js"))
    for family in ("accueil", "exploration", "groupe", "carnet"):
        assert common + (SERVED / f"{family}.css").stat().st_size < BUDGET / 2
