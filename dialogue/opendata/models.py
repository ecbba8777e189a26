"""Tokens: what a machine of the Département shows to write. Of the secret, only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

#: How a token begins: recognised in a log, or in a file where it should not be.
MARK = "dt_"
SHOWN = 9


def new_secret() -> str:
    """256 bits."""
    return MARK + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """The secret is random and long: nothing slower than SHA-256 is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, reader: Any) -> ApiTokenQuerySet:
        return self if getattr(reader, "is_coordination", False) else self.none()

    def living(self, today: date) -> ApiTokenQuerySet:
        """Those that open something; `today` is real time."""
        return self.filter(revoked_at=None, expires_on__gte=today)

    def opened_by(self, secret: str) -> ApiTokenQuerySet:
        return self.filter(token_hash=hash_of(secret))


class ApiToken(models.Model):
    """Acts done with it are its owner's, and ask for its owner's rights, each time."""

    name = models.CharField(_("à quoi il sert"), max_length=80, help_text=_("Par exemple : formulaire de la médiathèque."))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    # The beginning of the secret, so that people tell tokens apart.
    beginning = models.CharField(max_length=SHOWN, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("ce qu’il permet"), default=list)
    created_at = models.DateTimeField()
    # Expiry is security time (real); the other dates are domain time.
    expires_on = models.DateField(_("valable jusqu’au"))
    last_used_on = models.DateField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = [F("revoked_at").asc(nulls_first=True), "-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="opendata_token_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ledger_space(self) -> str:
        return ""

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def is_living(self, today: date) -> bool:
        return self.revoked_at is None and self.expires_on >= today
