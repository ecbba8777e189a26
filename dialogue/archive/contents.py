"""What the archive of the whole platform holds, and how a row is written in it: one JSON object a line, open to any tool."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

#: Bumped when the way rows are written changes.
FORMAT = 1
#: Tables that are not taken, each with its reason: made anew by themselves, or only worth something where they were.
LEFT_OUT = {
    "auth.group": "not used",
    "auth.group_permissions": "not used",
    "auth.permission": "made by each installation",
    "people.person_groups": "not used",
    "people.person_user_permissions": "not used",
    "contenttypes.contenttype": "made by each installation",
    "sessions.session": "everyone signs in again",
    "usersessions.usersession": "everyone signs in again",
    "django_tasks_database.dbtaskresult": "jobs are found again by the periodic tasks",
    "mailer.heartbeat": "workers of this installation",
    "search.searchentry": "the index is made anew",
    "search.searchprogress": "the index is made anew",
    "admin.logentry": "not used",
}
#: Rows held in memory at once.
CHUNK = 500


def tables() -> list[type[models.Model]]:
    """The models taken, those that tie two others included, by their label."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def schema() -> dict[str, str]:
    """Application → its last migration: two installations must agree on it."""
    last: dict[str, str] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        last[app] = max(last.get(app, ""), name)
    taken = {model._meta.app_label for model in tables()}
    return {app: name for app, name in last.items() if app in taken}


def rows(model: type[models.Model]) -> Iterator[models.Model]:
    """All rows by primary key, in chunks."""
    manager, last = model._base_manager, None
    while True:
        found = manager.order_by("pk") if last is None else manager.filter(pk__gt=last).order_by("pk")
        chunk = list(found[:CHUNK])
        yield from chunk
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk


def _target(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """The field that says how values look: of a foreign key, the one it points to."""
    while field.remote_field is not None and hasattr(field, "target_field"):
        field = field.target_field
    return field


def written(row: models.Model) -> dict[str, Any]:
    """A row as JSON says it. Dates and times in ISO 8601, decimals and keys as text, bytes in base64."""
    said = {}
    for field in row._meta.concrete_fields:
        value, kind = getattr(row, field.attname), _target(field)
        if value is None or isinstance(value, bool | int | float) or isinstance(kind, models.JSONField):
            said[field.attname] = value
        elif isinstance(kind, models.BinaryField):
            said[field.attname] = base64.b64encode(bytes(value)).decode("ascii")
        elif field is kind:
            said[field.attname] = field.value_to_string(row)
        else:
            said[field.attname] = str(value)
    return said


def stored(model: type[models.Model], said: dict[str, Any]) -> list[Any]:
    """The values of `written`, in the order of the columns, ready for the database. Raises KeyError, ValidationError."""
    values = []
    for field in model._meta.concrete_fields:
        value, kind = said[field.attname], _target(field)
        if value is not None and isinstance(kind, models.BinaryField):
            value = base64.b64decode(value)
        elif not isinstance(kind, models.JSONField):
            value = kind.to_python(value)
        values.append(kind.get_db_prep_save(value, connection))
    return values


def files_of(row: models.Model) -> Iterator[tuple[str, Any]]:
    """(name, storage) of the files that a row holds."""
    for field in row._meta.concrete_fields:
        if isinstance(field, models.FileField):
            file = getattr(row, field.attname)
            if file:
                yield file.name, file.storage
