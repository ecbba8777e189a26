"""Who enters the pages of imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from dialogue.contributions.acts import imports
from dialogue.contributions.models import ImportBatch
from dialogue.ledger.acts import NotAllowed

#: A number that no row bears on any database.
MOST = 2**63 - 1


def for_imports(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Those who may import, the coordination."""

    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not imports.upload_batch.allows(request.user):
            raise NotAllowed("contributions")
        return view(request, *args, **kwargs)

    return guarded


def batch_of(request: HttpRequest, pk: int) -> ImportBatch:
    if pk > MOST:
        raise Http404
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related("campaign", "by"), pk=pk)
