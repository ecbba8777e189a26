"""The coordination's screen of tokens: create (shown once), see their use, revoke."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.opendata import acts
from dialogue.opendata.forms import TokenForm
from dialogue.opendata.models import ApiToken, new_secret

PER_PAGE = 20


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    if not acts.create_token.allows(request.user):
        raise NotAllowed(acts.create_token.name)
    # Real time: this is security.
    today = timezone.localdate()
    form = TokenForm(request.POST or None, today=today) if request.method == "POST" else TokenForm(today=today)
    made, secret, status = None, "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            secret = new_secret()
            try:
                made = acts.create_token(None, by=request.user, now=request.now, today=today, secret=secret, **form.cleaned_data)  # type: ignore[attr-defined]
            except Refused as refused:
                form.add_error(None, list(map(str, refused.reasons)))
            else:
                form, status = TokenForm(today=today), 201
    rows = ApiToken.objects.visible_to(request.user).select_related("owner")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "made": made,
        "secret": secret if made else "",
        "page": page,
        "lines": [(token, token.is_living(today)) for token in page],
        "here": "tokens",
    }
    return render(request, "opendata/tokens.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            acts.revoke_token(found, by=request.user, now=request.now)  # type: ignore[attr-defined]
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, _("« %(name)s » est révoqué : il n’ouvre plus rien.") % {"name": found.name})
        return redirect("opendata:tokens")
    context = {
        "title": _("Révoquer ce jeton ?"),
        "about": found.name,
        "consequence": _(
            "L’outil qui emploie « %(name)s » ne pourra plus rien déposer, dès sa prochaine demande. C’est définitif."
        )
        % {"name": found.name},
        "button": _("Révoquer le jeton"),
        "back_url": reverse("opendata:tokens"),
    }
    return render(request, "ui/confirm.html", context)
