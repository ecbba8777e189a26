"""Files of strangers are opened apart: what hangs, swells or lies costs one file, never the worker."""

from __future__ import annotations

import io
import os

import pytest

from dialogue.documents import bounded, reading
from tests.documents import files


@pytest.mark.parametrize(
    ("extension", "data"),
    [
        ("pdf", files.pdf("pommes")),
        ("odt", files.odt("pommes")),
        ("ods", files.odt("pommes")),
        ("docx", files.docx("pommes")),
        ("xlsx", files.xlsx("pommes")),
        ("pptx", files.pptx("pommes")),
        ("txt", b"pommes"),
        ("csv", b"pommes"),
    ],
)
def test_the_words_of_each_kind_come_back(extension: str, data: bytes) -> None:
    assert bounded.words_of(io.BytesIO(data), extension) == "pommes"


def test_accents_come_back_whatever_the_encoding() -> None:
    assert bounded.words_of(io.BytesIO("été à Bègles".encode("cp1252")), "txt") == "été à Bègles"


def test_an_xml_bomb_is_unreadable() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
    data = files.archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": laughs.encode()})
    with pytest.raises(reading.Unreadable, match="Forbidden"):
        bounded.words_of(io.BytesIO(data), "docx")


def test_a_file_that_takes_too_long_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "PATIENCE", 0.01)
    with pytest.raises(reading.Unreadable, match="too long"):
        bounded.words_of(io.BytesIO(files.pdf()), "pdf")


def test_the_process_apart_is_bounded_in_time_and_memory_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    monkeypatch.setenv("SECRET_KEY", "very")
    probe = (
        "import os, resource; from dialogue.documents import bounded; bounded._limit();"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_AS)[0] >> 20)"
    )
    seen = subprocess.run([sys.executable, "-c", probe], cwd=bounded.ROOT, capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["60", "2048"]
    given = {}

    def run(_command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        given.update(options)
        return subprocess.CompletedProcess([], 0, b"words", b"")

    monkeypatch.setattr(subprocess, "run", run)
    assert bounded.words_of(io.BytesIO(b"words"), "txt") == "words"
    assert set(given["env"]) <= {"PATH", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONIOENCODING"}  # type: ignore[call-overload]
    assert "SECRET_KEY" in os.environ


def test_a_damaged_image_has_no_preview() -> None:
    with pytest.raises(reading.Unreadable):
        bounded.preview_of(io.BytesIO(files.jpeg()[:60]))
