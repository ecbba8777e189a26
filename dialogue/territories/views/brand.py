"""The brand: its style sheet, its logo, the screen that sets both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.ledger.acts import Refused
from dialogue.territories import acts, brand, contrast
from dialogue.territories.forms import BrandForm
from dialogue.territories.models import BRAND_SETTINGS, Department
from dialogue.territories.views.doors import door_of

A_YEAR = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"
IMAGE_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@require_GET
def brand_css(request: HttpRequest) -> HttpResponse:
    """The six settings; kept a year by browsers when asked with its version."""
    department = get_object_or_404(Department)
    response = HttpResponse(brand.stylesheet(department.brand_settings), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = A_YEAR if request.GET.get("v") == department.brand_version else A_MINUTE
    return response


@require_GET
def logo(request: HttpRequest) -> Any:
    department = get_object_or_404(Department)
    if not department.logo or not department.logo.storage.exists(department.logo.name):
        raise Http404
    kind = department.logo.name.rpartition(".")[2]
    response = FileResponse(department.logo.open("rb"), content_type=IMAGE_TYPES.get(kind, "application/octet-stream"))
    response["Cache-Control"] = A_YEAR if request.GET.get("v") == department.logo_version else A_MINUTE
    return response


@require_http_methods(["GET", "POST"])
@door_of(acts.set_brand)
def brand_page(request: HttpRequest) -> HttpResponse:
    """One screen: look at the preview as often as one likes, then save."""
    department = Department.objects.first()
    if department is None:
        return render(request, "territories/no_frame.html", {"here": "brand"})
    form = BrandForm(request.POST or None, request.FILES or None, instance=department)
    status = 200
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        logo_file, remove = form.cleaned_data["logo_file"], form.cleaned_data.get("remove_logo", False)
        try:
            acts.set_brand(department, by=request.user, now=request.now, values=form.values, logo=logo_file, remove_logo=remove)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("La marque est enregistrée."))
            return redirect("territories:brand")
    if request.method == "POST" and not form.is_valid():
        status = 422
    settings = _settings(form, department)
    context = {
        "form": form,
        "here": "brand",
        "stored": Department.objects.get(pk=department.pk),
        "previewed": request.method == "POST",
        "preview_query": urlencode(settings),
        "worst": contrast.worst(settings),
        "failures": contrast.failures(settings),
    }
    return render(request, "territories/brand.html", context, status=status)


@require_GET
@door_of(acts.set_brand)
def brand_preview_css(request: HttpRequest) -> HttpResponse:
    """The settings being tried, for the preview's block alone; 404 when they are not settings."""
    try:
        settings = {name: Department._meta.get_field(name).clean(request.GET.get(name), None) for name in BRAND_SETTINGS}
    except ValidationError as error:
        raise Http404 from error
    response = HttpResponse(brand.stylesheet(settings, ".dep.essai"), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def _settings(form: BrandForm, department: Department) -> dict[str, Any]:
    """The six settings that are typed, or those stored where what is typed is no setting."""
    stored = Department.objects.get(pk=department.pk).brand_settings
    typed = getattr(form, "cleaned_data", {}) if form.is_bound else {}
    return {name: typed.get(name, stored[name]) for name in BRAND_SETTINGS}
