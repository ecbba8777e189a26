"""The proof that an address is the author's: six digits that were mailed to it. No account is needed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from dialogue.contributions.models.contribution import Contribution, Support


class AddressProofQuerySet(models.QuerySet["AddressProof"]):
    def visible_to(self, reader: Any) -> AddressProofQuerySet:
        """Nobody's: only the one who holds the six digits proves something."""
        return self.none()


class AddressProof(models.Model):
    """One code for one draft or one support; a new code takes its place. Times are real: this is security, not the process."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, null=True, related_name="proof")
    support = models.OneToOneField(Support, on_delete=models.CASCADE, null=True, related_name="proof")
    email = models.EmailField(max_length=254)
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(help_text="real time")

    objects = AddressProofQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contributions_proof_of_one",
                condition=Q(contribution__isnull=False, support=None) | Q(contribution=None, support__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.contribution_id or self.support_id)
