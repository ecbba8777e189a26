"""The directory of the contacts of all groups (the guide, "Synergie"), with the consent of each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogue.chantiers.forms.members import DirectoryForm
from dialogue.chantiers.pages_members import contacts
from dialogue.chantiers.rules import members as rules
from dialogue.ledger.acts import NotAllowed

PER_PAGE = 30


@require_GET
@login_required
def directory(request: HttpRequest) -> HttpResponse:
    if not rules.may_read_directory(request.user):
        raise NotAllowed("chantiers.read_directory")
    form = DirectoryForm(request.GET)
    form.is_valid()
    filters = getattr(form, "cleaned_data", {})
    page = Paginator(contacts(request.user, filters), PER_PAGE).get_page(request.GET.get("page"))
    context = {"filters": form, "page": page, "is_filtered": any(filters.values())}
    return render(request, "chantiers/directory.html", context)
