"""The demonstration's sign-in page: one person per role, without a password. It exists in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from dialogue.demo.cast import COORDINATION, NEWCOMER, OUTSIDE, SECRETARIAT
from dialogue.people.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Part:
    """A role to try: who, what they do here, where they begin."""

    email: str
    role: str
    what: str
    start: str
    args: tuple[str, ...] = ()


GROUP = "alimentaire-sud-gironde"
PARTS = [
    Part(
        COORDINATION,
        lazy("Coordination"),
        lazy("Ouvre les chantiers, voit ce qui coince, valide les comptes, règle le cadre et les couleurs."),
        "portal:pilot",
    ),
    Part(
        "environnement@departement.example",
        lazy("Direction référente"),
        lazy("Pilote quatre chantiers : convoque, tient la feuille de route, donne la météo, répond aux demandes."),
        "chantiers:space",
        (GROUP,),
    ),
    Part(
        "elue.sud-gironde@departement.example",
        lazy("Élue qui porte un chantier"),
        lazy("Garante de l’avancement : lit où en est le groupe, répond aux demandes."),
        "chantiers:space",
        (GROUP,),
    ),
    Part(
        "association-le-panier-du-sud@partenaire.example",
        lazy("Partenaire, dans un groupe"),
        lazy("Lit l’espace du groupe, écrit dans la feuille de route."),
        "portal:my_space",
    ),
    Part(
        OUTSIDE,
        lazy("Partenaire, hors des groupes"),
        lazy("Connaît les objectifs et la météo de tous les chantiers ; peut demander à en rejoindre un."),
        "portal:chantiers",
    ),
    Part(
        "observatoire@departement.example",
        lazy("Service ressource"),
        lazy("Apporte études et données à plusieurs groupes."),
        "portal:my_space",
    ),
    Part(
        SECRETARIAT,
        lazy("Secrétariat de l’assemblée"),
        lazy("Enregistre les propositions transmises et leur issue."),
        "portal:my_space",
    ),
    Part(
        NEWCOMER,
        lazy("Nouvel inscrit"),
        lazy("Attend que la coordination valide son compte."),
        "portal:my_space",
    ),
]


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who one can be."""
    _demo_only()
    known = {person.email: person for person in Person.objects.filter(email__in=[part.email for part in PARTS])}
    rows = [{"part": part, "person": known[part.email]} for part in PARTS if part.email in known]
    return render(request, "demo/people.html", {"rows": rows})


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as one of the parts; nobody else can be chosen."""
    _demo_only()
    part = next((part for part in PARTS if part.email == request.POST.get("email")), None)
    if part is None:
        raise Http404
    person = get_object_or_404(Person, email=part.email)
    login(request, person, backend=BACKEND)
    messages.success(request, _("Vous êtes maintenant : %(name)s.") % {"name": person})
    return redirect(reverse(part.start, args=part.args))
