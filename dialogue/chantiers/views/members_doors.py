"""What the views on membership share: the door of the group, the reasons of a refusal beside the form."""

from __future__ import annotations

from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.rules import members as rules
from dialogue.ledger.acts import NotAllowed, Refused


def group_or_403(request: HttpRequest, slug: str) -> Chantier:
    """The chantier, for its members and the coordination; 404 when the reader may not even know of it."""
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    if not rules.may_see_members(request.user, chantier):
        raise NotAllowed("chantiers.see_members")
    return chantier


def show_reasons(form: BaseForm, refused: Refused) -> None:
    for reason in refused.reasons:
        form.add_error(None, reason)
