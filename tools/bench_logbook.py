"""`make bench-logbook`: a carnet of 200 entries and 80 photos; what its page weighs at first sight, how long its files take.

    python tools/bench_logbook.py [--entries 200] [--photos 80]

A server of its own on a database of its own. The page is opened by Chromium as a visitor would (1280 and 390 px, nothing scrolled); what is
counted is what the server sent by the time everything at first sight is drawn: page, sheets, script, and the photos that the browser
thought near enough to fetch. The EPUB is checked by epubcheck, the PDF by the checker of the tests.
"""

from __future__ import annotations

import argparse
import functools
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.bench_inbox import django_on, free_port  # noqa: E402  needs the checkout on the path
from tools.machine import chromium, epubcheck  # noqa: E402
from tools.serve_demo import answers, server  # noqa: E402

#: Photos that are developed; the others are copies of theirs.
DISTINCT = 8
FIRST_PAINT, PDF_SECONDS, EPUB_SECONDS = 300_000, 5, 3
SIZES = {"desk": (1280, 900), "phone": (390, 844)}


def carnet_of(entries: int, photos: int) -> Any:
    """A published edition of ten chapters; photos are large and full of detail, as telephones make them."""
    from dialogue.formats.json import seal
    from dialogue.logbook.content import content_of
    from dialogue.logbook.models import Chapter, Edition, Placement
    from dialogue.logbook.stages import USUAL
    from tests import factories as make

    make.make_department()
    chantier = make.make_chantier(title="Manger local dans les cantines")
    person = make.make_member(chantier).person
    edition = Edition.objects.create(
        number=1, title="Carnet mesuré", editorial="Un carnet pour mesurer. " * 12, drafted_at=make.NOW
    )
    chapters = [
        Chapter.objects.create(
            edition=edition, order=n, title=f"Escale {n}", place="Sud Gironde", introduction="Il pleuvait. " * 60
        )
        for n in range(10)
    ]
    words = ("verbatim", "story", "figure", "verbatim", "step")
    for n in range(entries):
        is_photo = n * photos // entries != (n + 1) * photos // entries
        kind = "photo" if is_photo else words[n % len(words)]
        entry = make.make_entry(chantier, kind=kind, by=person, stage="chosen", **({"treatment": "waiting"} if is_photo else {}))
        if is_photo:
            _photograph(entry, n)
        Placement.objects.create(chapter=chapters[n * 10 // entries], entry=entry, order=n, layout=USUAL[kind])
    content = content_of(edition)
    Edition.objects.filter(pk=edition.pk).update(
        content=content, sha256=seal(content), stage="published", edition=1, slug="carnet-mesure", published_at=make.NOW
    )
    return Edition.objects.get(pk=edition.pk)


@functools.cache
def _developed(n: int) -> Any:
    """Through the darkroom: the grain of a sensor over a landscape, 1600 × 1067."""
    from PIL import Image

    from dialogue.demo.plates import PLATES, drawn
    from dialogue.logbook.darkroom import developed_here

    plate = Image.open(io.BytesIO(drawn(list(PLATES)[n], str(n)))).resize((1600, 1067))
    grain = Image.effect_noise((1600, 1067), 28).convert("RGB")
    out = io.BytesIO()
    Image.blend(plate, grain, 0.12).save(out, "JPEG", quality=92)
    return developed_here(out)


def _photograph(entry: Any, n: int) -> None:
    """One of eight photos; each file is made another one by a few bytes at its end, so that nothing is embedded once for two."""
    from dialogue.logbook.models import LogbookEntry
    from dialogue.logbook.tasks import keep

    made = _developed(n % DISTINCT)
    for name, data in made.copies.items():
        keep(entry.stored(name), data + str(n).encode())
    facts = {"treatment": "ready", "width": made.width, "height": made.height, "widths": made.widths}
    LogbookEntry.objects.filter(pk=entry.pk).update(**facts)


def first_sight(address: str) -> dict[str, tuple[int, int, int]]:
    """Look → (bytes as sent, photos fetched, milliseconds to the first paint)."""
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium()[0], args=["--no-sandbox", "--disable-gpu"])
        for name, (width, height) in SIZES.items():
            page = browser.new_context(viewport={"width": width, "height": height}).new_page()
            client = page.context.new_cdp_session(page)
            client.send("Network.enable")
            sent: list[float] = []
            photos: list[str] = []
            client.on("Network.loadingFinished", lambda event, sent=sent: sent.append(event["encodedDataLength"]))
            page.on(
                "requestfinished",
                lambda request, photos=photos: photos.append(request.url) if "/photos/" in request.url else None,
            )
            page.goto(address, wait_until="networkidle")
            paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
            found[name] = (round(sum(sent)), len(photos), round(paint))
        browser.close()
    return found


def bound(edition: Any) -> dict[str, tuple[float, int, str]]:
    """Format → (seconds, bytes, what its checker says)."""
    from pdfua import validate

    from dialogue.logbook import epub, pdf

    found = {}
    for name, make_it in (("PDF", pdf.of_edition), ("EPUB", epub.of_edition)):
        started, worked = time.perf_counter(), time.process_time()
        data = make_it(edition)
        seconds, work = time.perf_counter() - started, time.process_time() - worked
        if name == "PDF":
            errors = [finding for finding in validate(io.BytesIO(data)).findings if finding.severity.name == "ERROR"]
            said = "PDF/UA clean" if not errors else f"{len(errors)} errors"
        else:
            said = _checked(data)
        found[name] = (seconds, len(data), f"{work:.2f} s of processor, {said}")
    return found


def _checked(data: bytes) -> str:
    command, missing = epubcheck()
    if missing:
        return missing
    with tempfile.NamedTemporaryFile(suffix=".epub") as file:
        file.write(data)
        file.flush()
        done = subprocess.run([*command, "--quiet", file.name], capture_output=True, text=True, check=False)
    return "epubcheck clean" if done.returncode == 0 else (done.stdout + done.stderr)[:500]


def _served(path: str) -> dict[str, tuple[int, int, int]]:
    """What a visitor gets of this page from a server of our own."""
    port = free_port()
    environ = os.environ | {"ALLOWED_HOSTS": "localhost,127.0.0.1", "BASE_URL": f"http://localhost:{port}"}
    running = subprocess.Popen(server("127.0.0.1", port), cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        while not answers("127.0.0.1", port):
            time.sleep(0.3)
        return first_sight(f"http://127.0.0.1:{port}{path}")
    finally:
        running.terminate()
        running.wait(30)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=200)
    parser.add_argument("--photos", type=int, default=80)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-carnet-") as name:
        django_on(name)
        edition = carnet_of(options.entries, options.photos)
        files = bound(edition)
        sight = _served(edition.get_absolute_url())
    print(f"carnet of {options.entries} entries, {options.photos} photos")
    for look, (sent, photos, paint) in sight.items():
        print(f"{look:6} {sent:9,} bytes sent at first sight ({photos} photos), first paint {paint} ms; target < {FIRST_PAINT:,}")
    limits = {"PDF": PDF_SECONDS, "EPUB": EPUB_SECONDS}
    for kind, (seconds, size, said) in files.items():
        print(f"{kind:6} {seconds:5.2f} s, {size:,} bytes, {said}; target < {limits[kind]} s")
    fits = all(sent < FIRST_PAINT for sent, _photos, _paint in sight.values())
    return 0 if fits and all(files[kind][0] < limit and "clean" in files[kind][2] for kind, limit in limits.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
