"""What the machine has is found, or said to be missing with its reason."""

import os

from tools import machine


def test_a_server_that_does_not_answer_is_said(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/x")
    url, why = machine.postgresql()
    assert url == ""
    assert "aucun serveur PostgreSQL ne répond à 127.0.0.1:1/postgres" in why


def test_a_chromium_is_found_where_one_says(monkeypatch, tmp_path):
    browser = tmp_path / "my-chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert machine.chromium() == (str(browser), "")


def test_a_missing_chromium_is_said(monkeypatch, tmp_path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert machine.chromium() == ("", "Chromium est introuvable (installez-le, ou indiquez-le : CHROMIUM=/chemin make test)")
    assert os.environ["PATH"] == str(tmp_path)
