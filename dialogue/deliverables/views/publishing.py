"""Publishing, showing to a circle, giving up: each says its consequence first."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue.chantiers import pages as space_pages
from dialogue.deliverables.acts import publishing
from dialogue.deliverables.forms.publishing import CircleForm, GiveUpForm, PublishForm
from dialogue.deliverables.stages import Licence
from dialogue.deliverables.views.preparing import answered, row_for, shown, take_over
from dialogue.deliverables.views.reading import findings_of, found_in
from dialogue.documents.pages import readers_by_circle


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Title, summary, licence, how everyone reads it; who will read and who is told."""
    chantier, row = row_for(request, slug, key, publishing.publish)
    initial = {
        "title": row.title,
        "summary": row.summary,
        "full_text": row.full_text,
        "licence": row.licence or Licence.OPEN,
        "licence_reason": row.licence_reason,
        "access": row.access,
        "circle": row.replaces.circle if row.replaces else chantier.circle,
        "published_on": request.today,
    }
    form = PublishForm(request.POST if request.method == "POST" else None, initial=initial, deliverable=row)

    def let_out() -> None:
        publishing.publish(row, by=request.user, now=request.now, **form.cleaned_data)

    if response := answered(request, row, form, let_out, _("Le livrable est publié. Tous les partenaires en seront informés.")):
        return response
    return shown(request, row, form, "publish", readers=readers_by_circle(chantier)[1:], findings=findings_of(row))


@login_required
@require_http_methods(["GET", "POST"])
def drop_version(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """A version begun by mistake."""
    _chantier, row = row_for(request, slug, key, publishing.drop_version)
    before = row.version - 1
    form = forms.Form(request.POST if request.method == "POST" else None)

    def drop() -> None:
        publishing.drop_version(row, by=request.user, now=request.now)

    done = _("La nouvelle version est annulée ; la version %(n)d reste en ligne.") % {"n": before}
    if response := answered(request, row, form, drop, done):
        return response
    context = {
        "title": _("Annuler la nouvelle version"),
        "about": row.title,
        "consequence": _("Ce qui a été écrit pour la version %(n)d est perdu. La version %(before)d reste publiée, sans changement.")
        % {"n": row.version, "before": before},
        "button": _("Annuler la version %(n)d") % {"n": row.version},
        "back_url": row.group_url,
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def circle(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Of all that was published of it, whatever the group prepares or gave up since."""
    chantier, row = row_for(request, slug, key, publishing.change_circle, is_out=True)
    form = CircleForm(request.POST if request.method == "POST" else None, initial={"circle": row.circle}, deliverable=row)

    def show() -> None:
        publishing.change_circle(row, by=request.user, now=request.now, **form.cleaned_data)

    if response := answered(request, row, form, show, _("Les lecteurs du livrable ont changé.")):
        return response
    return shown(request, row, form, "circle", readers=readers_by_circle(chantier)[1:])


@login_required
@require_http_methods(["GET", "POST"])
def give_up(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """The motive is read by all those who read the roadmap."""
    form = GiveUpForm(request.POST if request.method == "POST" else None)
    done = _("Le livrable est abandonné ; la feuille de route le dit, avec le motif.")
    _chantier, row = found_in(request, slug, key)
    if row is None:
        return take_over(request, slug, key, form, done)
    chantier, row = row_for(request, slug, key, publishing.give_up)

    def renounce() -> None:
        publishing.give_up(row, by=request.user, now=request.now, **form.cleaned_data)

    return answered(request, row, form, renounce, done) or shown(request, row, form, "give_up", told=space_pages.told(chantier))
