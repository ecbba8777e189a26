"""What the tree as a whole promises: sizes, words, licences, translations."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.test_contracts import ROOT, modules

LINES, FUNCTION_LINES = 400, 40
#: Longer on purpose: path → why.
LONG_FILES: dict[str, str] = {
    "tests/portal/test_contributions_read.py": "one world, all that reads contributions from it",
    "dialogue/language/markup.py": "one parser: its tables, its lines and its spans are read together",
    "tests/meetings/test_group_at_work.py": "one story, from the convening to the rectification",
}
#: "path::function" → why.
LONG_FUNCTIONS: dict[str, str] = {
    "dialogue/discussion/pages.py::remarks_of": "one literal: what the panel of remarks shows",
    "dialogue/meetings/acts/capture.py::add_material": "its arguments are the columns of the journal's material",
    "dialogue/meetings/views/session.py::page_of": "one literal: what the page of a meeting shows",
}
CODE = [ROOT / folder for folder in ("dialogue", "config", "tools", "tests")]
BINARY = {".br", ".woff2", ".png", ".ico", ".mo", ".jpg", ".webp", ".zip", ".pdf"}


def tracked() -> list[Path]:
    """Files that git keeps, or would keep."""
    if not (ROOT / ".git").exists():
        pytest.fail("the tree is swept through git: run the tests in a checkout")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_no_file_is_over_400_lines():
    long = {
        path: lines
        for path, _ in modules(*CODE)
        if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > LINES and path not in LONG_FILES
    }
    assert long == {}, "part them, or say why in LONG_FILES"


def test_no_function_is_over_40_lines():
    long = [
        f"{path}:{node.lineno} {node.name} ({node.end_lineno - node.lineno + 1})"
        for path, tree in modules(*CODE)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
        and f"{path}::{node.name}" not in LONG_FUNCTIONS
    ]
    assert long == [], "part them, or say why in LONG_FUNCTIONS:\n" + "\n".join(long)


# Written in pieces, so that this file does not contain what it looks for.
FORBIDDEN = {
    "leftovers": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK|Not" + r"ImplementedError)\b"),
    "machine paths": re.compile(r"(?<![\w.])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/[\w.]"),
    "assistants": re.compile(
        r"\b(?:chat" + r"gpt|cl" + r"aude|cop" + r"ilot|open" + r"ai|anthr" + r"opic|ll" + r"ms?)\b", re.IGNORECASE
    ),
    "State design system": re.compile(r"class=\"[^\"]*\bfr-[a-z]+|Maria" + r"nne\b"),
    "registries": re.compile(r"(?:py" + r"pi\.org|pythonho" + r"sted\.org|npm" + r"js\.(?:org|com)|/simple/?\b\")"),
}
#: file → families of words that may stand there.
MAY_SAY: dict[str, set[str]] = {
    "uv.lock": {"registries", "leftovers", "assistants"},
}


def test_no_forbidden_word_stands_in_the_tree():
    found = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in BINARY:
            continue
        # Mails of the tests are in every charset.
        text = path.read_text(encoding="utf-8", errors="replace")
        for family, pattern in FORBIDDEN.items():
            if family not in MAY_SAY.get(name, set()):
                found += [f"{name}: {match.group()} ({family})" for match in pattern.finditer(text)]
    assert found == []


def test_no_room_is_a_drawer():
    drawers = {"utils", "core", "common", "helpers", "misc", "shared"}
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.is_relative_to(ROOT / "dialogue") and {*path.parts, path.stem} & drawers
    ]
    assert found == []


def test_templates_carry_no_style_nor_script_of_their_own():
    """The content security policy would refuse them; better to know before."""
    pattern = re.compile(
        r"""<style\b|\sstyle=["']|\son[a-z]+=["']|<script(?![^>]*(?:\b(?:src|nonce)=|type="application/json"))|javascript:""",
        re.IGNORECASE,
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group().strip()}"
        for path in tracked()
        if path.suffix == ".html" and "/mail/" not in path.as_posix()  # mail readers know no style sheets
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"


@pytest.mark.skipif(not CATALOGUE.exists(), reason="there is no English catalogue yet")
class TestEnglish:
    def test_every_sentence_is_translated_and_none_is_fuzzy(self):
        import polib

        missing = [
            entry.msgid
            for entry in polib.pofile(str(CATALOGUE))
            if not entry.obsolete and (not entry.translated() or entry.fuzzy)
        ]
        assert missing == []

    def test_placeholders_are_the_same_in_both_languages(self):
        import polib

        pattern = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")
        wrong = [
            entry.msgid
            for entry in polib.pofile(str(CATALOGUE))
            if not entry.obsolete
            and not entry.msgid_plural
            and sorted(pattern.findall(entry.msgid)) != sorted(pattern.findall(entry.msgstr))
        ]
        assert wrong == []

    def test_what_the_code_says_is_what_the_catalogue_holds(self):
        """Every French sentence marked in the code is in the catalogue (and the compiled one is in step)."""
        import polib

        known = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}
        said = set()
        for _path, tree in modules(ROOT / "dialogue", ROOT / "config"):
            for node in ast.walk(tree):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in {"_", "gettext", "gettext_lazy"}
                ):
                    said |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
        for path in (ROOT / "dialogue").rglob("*.[ht][tx][mt]*"):
            said |= in_template(path.read_text(encoding="utf-8"))
        assert sorted(said - known) == []


def in_template(text: str) -> set[str]:
    """The sentences that a template marks for translation."""
    from django.utils.translation.template import templatize

    literal = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    return {ast.literal_eval(found) for found in re.findall(rf"(?:\bn?gettext|_)\(u?{literal}", templatize(text))}


def test_sentences_of_templates_are_found():
    text = "{% translate 'L’un' %}{% blocktranslate count n=n %}un{% plural %}{{ n }} autres{% endblocktranslate %}"
    assert in_template(text + "{{ _('deux') }}") == {"L’un", "un", "deux"}


# What the documents list ----------------------------------------------------


def test_every_model_stands_in_the_glossary():
    from django.apps import apps

    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    ours = [model.__name__ for model in apps.get_models() if model.__module__.startswith("dialogue.")]
    assert ours
    assert [name for name in ours if not re.search(rf"`{name}[`(.]", glossary)] == []


def test_every_setting_of_the_environment_stands_in_the_operations_guide():
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    code = "\n".join((ROOT / "config" / name).read_text(encoding="utf-8") for name in ("env.py", "settings.py"))
    read = set(re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", code))
    assert "DATABASE_URL" in read
    assert sorted(name for name in read if f"`{name}" not in guide) == []
