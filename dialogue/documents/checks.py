"""What `manage.py check --deploy` says of documents."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def antivirus_is_set(**_options: Any) -> list[checks.CheckMessage]:
    if settings.CLAMAV:
        return []
    hint = "Set CLAMAV (docs/operations.md, Documents); until then each document tells its readers that it was not checked."
    return [checks.Warning("No antivirus looks at the documents of the groups.", hint=hint, id="documents.W001")]
