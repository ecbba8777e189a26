"""Groups of contributions that use the same words: made by the machine when asked, named and mended by people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.contributions import tasks_analysis
from dialogue.contributions.acts import clusters as acts
from dialogue.contributions.cells import live_clusters
from dialogue.contributions.models import Cluster, ClusterChange
from dialogue.contributions.stages import ClusterStage
from dialogue.ledger.acts import Refused
from dialogue.territories.models import Territory, Theme

PER_PAGE, CLUSTERS = 30, 60


def _must_hold(request: HttpRequest) -> None:
    if not acts.make_clusters.allows(request.user):
        raise PermissionDenied


class CellForm(forms.Form):
    """A cell, or everything."""

    theme = forms.ModelChoiceField(
        label=gettext_lazy("Thème"), queryset=Theme.objects.all(), to_field_name="code", required=False,
        empty_label=gettext_lazy("Tous les thèmes"),
    )  # fmt: skip
    territoire = forms.ModelChoiceField(
        label=gettext_lazy("Territoire"), queryset=Territory.objects.all(), to_field_name="code", required=False,
        empty_label=gettext_lazy("Tous les territoires"),
    )  # fmt: skip


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nom du regroupement"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("En mots de tous les jours. Une fois nommé, il paraît sur la page publique des contributions."),
    )


@login_required
@require_GET
def clusters(request: HttpRequest) -> HttpResponse:
    """The groups of a cell, of a theme, of a territory, or all of them; the largest first."""
    _must_hold(request)
    form = CellForm(request.GET or None)
    rows = live_clusters(request.user)
    chosen: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if chosen.get("theme"):
        rows = rows.filter(theme=chosen["theme"])
    if chosen.get("territoire"):
        rows = rows.filter(territory=chosen["territoire"])
    page = Paginator(rows.order_by("-texts", "number"), CLUSTERS).get_page(request.GET.get("page"))
    return render(
        request, "contributions/clusters.html", {"form": form if form.is_bound else CellForm(), "page": page, "chosen": chosen}
    )


@login_required
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """One cell at once; more of them in the background."""
    _must_hold(request)
    form = CellForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choisissez un thème et un territoire dans les listes."))
        return redirect("contributions:clusters")
    theme, territory = form.cleaned_data["theme"], form.cleaned_data["territoire"]
    query = "&".join(f"{name}={row.code}" for name, row in (("theme", theme), ("territoire", territory)) if row)
    if theme and territory:
        _make_one(request, theme, territory)
    else:
        tasks_analysis.cluster_all.enqueue(theme.pk if theme else None, territory.pk if territory else None, request.user.pk)
        messages.success(request, _("Les regroupements se préparent : rechargez cette page dans une minute."))
    return redirect(f"{request.path.removesuffix('faire/')}?{query}")


def _make_one(request: HttpRequest, theme: Theme, territory: Territory) -> None:
    change = acts.make_clusters(None, by=request.user, now=request.now, theme=theme, territory=territory)
    if change is None:
        messages.warning(request, _("Trop peu de contributions dans cette case pour les regrouper : lisez-les une à une."))
    else:
        messages.success(request, _("Les contributions de cette case sont regroupées par leurs mots. Nommez ce qui a du sens."))


@login_required
@require_http_methods(["GET", "POST"])
def cluster(request: HttpRequest, number: int) -> HttpResponse:
    """One group: its words, its texts, and what can be done with it."""
    _must_hold(request)
    found = get_object_or_404(Cluster.objects.visible_to(request.user).select_related("theme", "territory"), number=number)
    if request.method == "POST" and (answer := _do(request, found)) is not None:
        return answer
    rows = found.contributions.for_list().order_by("number")
    others = Cluster.objects.filter(theme=found.theme, territory=found.territory, stage=ClusterStage.LIVE).exclude(pk=found.pk)
    context = {
        "cluster": found,
        "is_live": found.stage == ClusterStage.LIVE,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "verbatims": rows.filter(number__in=found.verbatims),
        "others": list(others),
        "form": NameForm(initial={"name": found.name}),
        "changes": list(found.changes.filter(undone_at=None).select_related("by")[:5]),
    }
    return render(request, "contributions/cluster.html", context)


def _do(request: HttpRequest, found: Cluster) -> HttpResponse | None:
    deeds = {"nommer": _name, "partager": _split, "reunir": _merge, "sortir": _move}
    deed = deeds.get(request.POST.get("acte", ""))
    if deed is None:
        messages.error(request, _("Choisissez ce que vous voulez faire."))
        return redirect("contributions:cluster", number=found.number)
    try:
        deed(request, found)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
    return redirect("contributions:cluster", number=found.number)


def _name(request: HttpRequest, found: Cluster) -> None:
    form = NameForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Un nom tient en 120 signes."))
    acts.name_cluster(found, by=request.user, now=request.now, name=form.cleaned_data["name"])
    messages.success(request, _("Le regroupement est nommé.") if form.cleaned_data["name"] else _("Le nom est retiré."))


def _split(request: HttpRequest, found: Cluster) -> None:
    acts.split_cluster(found, by=request.user, now=request.now)
    messages.success(request, _("Le regroupement est partagé en deux. Vous pouvez annuler ci-dessous."))


def _merge(request: HttpRequest, found: Cluster) -> None:
    other = Cluster.objects.filter(number=_number(request.POST.get("autre")), stage=ClusterStage.LIVE).first()
    if other is None:
        raise Refused(_("Choisissez dans la liste le regroupement à réunir à celui-ci."))
    acts.merge_clusters(found, by=request.user, now=request.now, other=other)
    messages.success(request, _("Les deux regroupements n’en font plus qu’un. Vous pouvez annuler ci-dessous."))


def _move(request: HttpRequest, found: Cluster) -> None:
    numbers = [n for n in map(_number, request.POST.getlist("contribution")) if n]
    into = Cluster.objects.filter(number=_number(request.POST.get("vers")), stage=ClusterStage.LIVE).first()
    rows = list(found.contributions.filter(number__in=numbers))
    acts.move_contributions(found, by=request.user, now=request.now, contributions=rows, into=into)
    said = ngettext("%(n)d contribution est déplacée.", "%(n)d contributions sont déplacées.", len(rows))
    messages.success(request, said % {"n": len(rows)})


def _number(text: Any) -> int:
    return int(text) if text and str(text).isdigit() and len(str(text)) < 10 else 0  # noqa: PLR2004 (fits a column)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    _must_hold(request)
    change = get_object_or_404(ClusterChange.objects.select_related("cluster"), pk=pk)
    try:
        acts.undo_cluster_change(change, by=request.user, now=request.now)
    except Refused as refusal:
        messages.error(request, refusal.reasons[0])
    else:
        messages.success(request, _("C’est annulé : chaque contribution est revenue à sa place."))
    return redirect("contributions:cluster", number=change.cluster.number)
