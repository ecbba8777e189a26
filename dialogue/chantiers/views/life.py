"""Proposing a chantier: the coordination's page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue.chantiers.acts import life
from dialogue.chantiers.forms.life import ProposeForm
from dialogue.ledger.acts import Refused


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    if not life.propose.allows(request.user):
        raise PermissionDenied
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chantier = life.propose(by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            sentence = _("Le chantier n° %(n)d est proposé. Il ne paraît pas encore : ouvrez-le quand il est prêt.")
            messages.success(request, sentence % {"n": chantier.number})
            return redirect("chantiers:settings", slug=chantier.slug)
    return render(request, "chantiers/propose.html", {"form": form}, status=422 if form.is_bound else 200)
