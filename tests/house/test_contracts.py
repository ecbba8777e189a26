"""What the house forbids, read in its source."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ROOT / "dialogue"


def modules(*folders: Path) -> Iterator[tuple[str, ast.Module]]:
    """(path from the root, syntax tree) of every module, migrations apart: they are generated."""
    for folder in folders or (ROOMS,):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts and not path.name.startswith("."):
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_rooms_import_only_the_rooms_below_them():
    command: list[Path | str] = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# Only acts write ------------------------------------------------------------
#: Methods of managers, querysets, instances and many-to-many fields that write rows.
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "create_user",
    "create_superuser",
    "acreate",
    "aupdate",
    "adelete",
    "asave",
}
MANY_TO_MANY = {"add", "set", "remove", "clear"}
#: Where writing is at home.
WRITERS = re.compile(
    r"^dialogue/(?:"
    r"[a-z]+/acts(?:\.py|/)"  # the acts
    r"|mailer/"  # its own outbox, in its own transactions
    r"|ledger/"  # the register itself
    r"|demo/"  # makes the demo, by calling acts; what only a demo has (its own clock file)
    r")"
)
#: Places that write for a reason of their own: "path::function" → why.
ALLOWED_WRITES = {
    "dialogue/people/models.py::create_user": "the manager that Django and allauth call to make an account",
    "dialogue/people/models.py::create_superuser": "the manager behind `manage.py createsuperuser`",
    "dialogue/documents/reading.py::preview_of": "an image, not a row",
    "dialogue/formats/xlsx.py::write": "a workbook, not a row",
    "dialogue/evaluation/urn.py::put": "an answer must leave no line in the register, which would say when it came (docs/adr/0031)",
    "dialogue/evaluation/urn.py::_mix": "the same",
    "dialogue/formats/pptx.py::presentation": "a presentation, not a row",
    "dialogue/formats/pptx.py::_paint": "an attribute of a drawing, not a row",
    "dialogue/formats/qr.py::png": "an image, not a row",
    "dialogue/logbook/darkroom.py::_printed": "a photo, not a row",
    "dialogue/inbox/reception.py::_write": "a mail that arrives is nobody's act, and is on the disk before anything is decided",
    "dialogue/inbox/sorting.py::_take_up": "a lease, as the mailer's claim of a letter",
    "dialogue/inbox/sorting.py::sort": "notes why an attempt failed; what the mail becomes is an act",
    "dialogue/search/index.py::rebuild_all": "the index is a copy, made anew at any time: no act of anybody (docs/adr/0021)",
    "dialogue/search/index.py::_write": "the same",
    "dialogue/search/index.py::_remove": "the same",
    "dialogue/search/feed.py::start": "how far the register was read",
    "dialogue/search/feed.py::_remember": "the same",
    "dialogue/contributions/tasks_analysis.py::_beat": "a lease, as the mailer's claim of a letter",
    "dialogue/people/retention.py::forget_sessions": "Django's and allauth's own tables of sessions",
}
#: What looks like a row being written and is not: receivers whose methods share these names.
NOT_ROWS = re.compile(
    r"(?:^|\.)(?:cache|session|sessions|storage|default_storage|params|query|context|headers|cookies|facts|data|attrs|kept|digest|hasher|seen|found|"
    r"hashlib|sha256\(.*\)|settings|environ|GET|POST|initial|cleaned_data|widget|widgets|errors|fields|rows|names|values)$"
)


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """(name of the innermost function or an empty text, node) for every node."""

    def walk(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            inner = child.name if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) else name
            yield inner, child
            yield from walk(child, inner)

    yield from walk(tree, "")


def writes(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """(function, line, text) of each call that writes to the database, as far as its shape tells."""
    for function, node in functions(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        method, receiver = node.func.attr, ast.unparse(node.func.value)
        if method in MANY_TO_MANY:
            # `chantier.territories.set(…)`: an attribute of an attribute; plain sets and dicts are names.
            is_relation = isinstance(node.func.value, ast.Attribute) and not receiver.startswith(("self.", "cls."))
            if not is_relation:
                continue
        elif method not in WRITES:
            continue
        elif method == "update" and (node.args or isinstance(node.func.value, ast.Dict)):
            continue  # a queryset's update takes keywords only; a dict's takes a mapping
        if not NOT_ROWS.search(receiver):
            yield function, node.lineno, f"{receiver}.{method}(…)"


def test_only_acts_write():
    found = []
    for path, tree in modules():
        if WRITERS.match(path):
            continue
        for function, line, text in writes(tree):
            if not text.startswith("super()") and f"{path}::{function}" not in ALLOWED_WRITES:
                found.append(f"{path}:{line} ({function}) {text}")
    assert found == [], "only acts write (or say why in ALLOWED_WRITES):\n" + "\n".join(found)


def test_the_scan_sees_the_writes_it_should():
    seen = list(
        writes(
            ast.parse(
                "def view(chantier, form):\n"
                "    chantier.save()\n"
                "    Chantier.objects.filter(pk=1).update(stage='x')\n"
                "    chantier.territories.set([])\n"
                "    form.save()\n"
                "    {}.update({})\n"
                "    seen.add(1)\n"
                "    cache.set('a', 1)\n"
            )
        )
    )
    assert [line for _, line, _ in seen] == [2, 3, 4, 5]


def test_raw_sql_stays_in_migrations_and_the_health_page():
    # The archive writes and reads whole tables, in one moment (docs/adr/0033).
    # The mailer's periodic work keeps SQLite's statistics; the pool of its connections holds foreign keys.
    allowed = {
        "config/health.py",
        "config/sqlite/base.py",
        "dialogue/archive/export.py",
        "dialogue/archive/restore.py",
        "dialogue/fulltext/match.py",
        "dialogue/mailer/tasks.py",
    }
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules(ROOMS, ROOT / "config")
        for _, node in functions(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "executemany", "raw", "extra"}
        and path not in allowed
        and "cursor" in ast.unparse(node.func.value) + node.func.attr
    ]
    assert found == []


#: Where real time is meant: path, or the beginning of one → why.
REAL_TIME = {
    "dialogue/ledger/clock.py": "the clock itself",
    "dialogue/mailer/": "delivery and its delays",
    "dialogue/inbox/": "reception, attempts and their delays; what was said is dated by the clock",
    "dialogue/chantiers/acts/invitations.py": "a secret expires in real time",
    "dialogue/chantiers/pages_members.py": "whether that secret has expired",
    "dialogue/chantiers/views/members_invitations.py": "whether that secret has expired",
    "dialogue/chantiers/tasks.py": "whether that secret has expired",
    "dialogue/documents/tasks.py": "delays of background work, age of files",
    "dialogue/meetings/acts/convening.py": "when the row changed, for calendars (updated_at is real time)",
    "dialogue/portal/mine.py": "whether that secret has expired",
    "dialogue/portal/views/machines.py": "Expires of security.txt",
    "dialogue/contributions/acts/analysis.py": "whether a job is alive",
    "dialogue/contributions/tasks_analysis.py": "whether a job is alive",
    "dialogue/contributions/acts/imports_run.py": "whether a job is alive",
    "dialogue/contributions/acts/deposit.py": "a code expires in real time",
    "dialogue/contributions/views/deposit_code.py": "whether that code has expired",
    "dialogue/contributions/tasks_deposit.py": "age of drafts nobody proved",
    "dialogue/contributions/tasks_imports.py": "age of files",
    "dialogue/contributions/deposit_limits.py": "throttling, and how long a form was open",
    "dialogue/contributions/sorting_hold.py": "leases of those who sort",
    "dialogue/logbook/tasks.py": "delays of background work, age of files",
    "dialogue/opendata/limits.py": "throttling",
    "dialogue/opendata/tokens.py": "whether a token has expired",
    "dialogue/opendata/views/tokens.py": "when a token expires",
    "dialogue/search/tasks.py": "how long ago acts were written down",
    "dialogue/search/management/commands/index_search.py": "how long ago acts were written down",
    "dialogue/demo/management/commands/load_demo.py": "writes down when the demo started",
}


def test_domain_code_asks_no_clock_of_its_own():
    pattern = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|datetime\.utcnow\(|time\.time\(")
    found = [
        f"{path}: {match.group()}"
        for path, _tree in modules()
        if not path.startswith(tuple(REAL_TIME))
        for match in pattern.finditer((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert found == [], "take `now` as an argument (or say in REAL_TIME why real time is meant)"


def test_there_are_no_signals_and_no_generic_foreign_keys():
    pattern = re.compile(r"GenericForeignKey|@receiver|\.connect\(|post_save|pre_save|m2m_changed")
    # allauth tells of what it does by signals alone; a socket connects too.
    apart = {"dialogue/people/hooks.py", "dialogue/files/antivirus.py"}
    found = [
        path
        for path, _ in modules()
        if pattern.search((ROOT / path).read_text(encoding="utf-8")) and path not in apart
    ]
    assert found == []


# Acts -----------------------------------------------------------------------
@pytest.fixture(scope="module")
def registry() -> dict:
    from dialogue.ledger.acts import REGISTRY

    for path, _ in modules():
        if re.search(r"/acts(?:\.py|/)", path):
            importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    return {name: act for name, act in REGISTRY.items() if not name.startswith("tests.")}


def test_every_act_has_a_rule_of_its_name(registry):
    from rules import perm_exists

    assert registry
    assert [name for name in registry if not perm_exists(name)] == []


def test_every_act_is_named_after_its_room(registry):
    wrong = [name for name, act in registry.items() if act.body.__module__.split(".")[1] != name.split(".")[0]]
    assert wrong == []


def test_every_act_writes_one_ledger_line_because_it_is_an_act(registry):
    """`Act.__call__` writes the line; nobody else does, and no act goes around it."""
    elsewhere = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for _, node in functions(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node).startswith("Entry.objects")
        and not path.startswith("dialogue/ledger/")
        and node.attr in {"create", "bulk_create", "get_or_create"}
    ]
    around = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for _, node in functions(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "body"
        and not path.startswith("dialogue/ledger/")
        and ast.unparse(node.value) in {act.body.__name__ for act in registry.values()}
    ]
    assert elsewhere + around == []


def test_no_function_that_writes_is_imported_from_acts_unless_it_is_an_act(registry):
    """Acts share helpers among themselves; for everybody else an acts module has acts only."""
    bodies = {(act.body.__module__, act.body.__name__) for act in registry.values()}
    helpers = set()
    for path, tree in modules():
        if re.match(r"dialogue/[a-z]+/acts(?:\.py|/)", path):
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            helpers |= {
                (name, node.name)
                for node in tree.body
                if isinstance(node, ast.FunctionDef)
                and (name, node.name) not in bodies
                and any(writes(ast.Module(body=[node], type_ignores=[])))
            }
    used = [
        f"{path}:{node.lineno} {alias.name}"
        for path, tree in modules()
        if not re.match(r"dialogue/[a-z]+/acts(?:\.py|/)", path)
        for _, node in functions(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if any(
            alias.name == name and (node.module or "").startswith(module.rsplit(".acts")[0] + ".acts") for module, name in helpers
        )
    ]
    assert used == []


def test_every_act_is_called_by_a_test(registry):
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py") if "house" not in path.parts)
    missing = [name for name, act in registry.items() if not re.search(rf"\b{act.body.__name__}\b", text)]
    assert missing == []
