"""The index: a copy of what can be found, made anew at any time. No right to read stands in it (docs/adr/0021)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dialogue.fulltext.match import StemsField
from dialogue.people.stages import Circle


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def visible_to(self, reader: Any) -> SearchEntryQuerySet:
        """Entries of the things that the reader may read now: each kind asks its own `visible_to`."""
        from dialogue.search.kinds import readable_by

        return self.filter(readable_by(reader))


class SearchEntry(models.Model):
    """One thing that can be found: where it is, what it says. `thing_type` and `thing_id` name it, as in the register."""

    kind = models.CharField(max_length=12, help_text="a code of search.kinds")
    thing_type = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    chantier = models.ForeignKey("chantiers.Chantier", on_delete=models.CASCADE, null=True, related_name="+")
    territory = models.ForeignKey("territories.Territory", on_delete=models.SET_NULL, null=True, related_name="+")
    # What its chip and the facet say; whether one may read it is asked of the thing itself.
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle)
    at = models.DateTimeField(null=True, help_text="domain time: of the thing, not of the index")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    # Between spaces, in order: what the words and the exact phrases are looked for in.
    title_stems = models.TextField(blank=True)
    stems = StemsField(blank=True)
    # The page of the thing: in the space for those who enter it, elsewhere for the others.
    path = models.CharField(max_length=300)
    path_outside = models.CharField(max_length=300, blank=True)
    seal = models.CharField(max_length=64, help_text="of all the rest: what did not change is not written again")

    objects = SearchEntryQuerySet.as_manager()
    words_table = "search_words"

    class Meta:
        db_table = "search_entry"
        verbose_name_plural = "search entries"
        ordering = ["kind", "thing_id"]
        constraints = [models.UniqueConstraint(fields=["kind", "thing_id"], name="search_thing_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.thing_id}"


class SearchProgress(models.Model):
    """How far the register of acts was read. All before `floor` was; after it, the acts of `seen` were."""

    floor = models.BigIntegerField(default=0)
    seen = models.JSONField(default=list)
    singleton = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name_plural = "search progress"

    def __str__(self) -> str:
        return str(self.floor)
