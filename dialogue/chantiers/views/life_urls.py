"""Doors on the life of a chantier: its proposal, its space, its roadmap."""

from django.urls import path

from dialogue.chantiers.views import drafting, evaluation, life, roadmap, space

SPACE = "chantiers/<slug:slug>/espace/"
ROADMAP = SPACE + "feuille-de-route/"
LINE = ROADMAP + "lignes/<slug:kind>/"

urlpatterns = [
    path("pilotage/chantiers/nouveau/", life.propose, name="propose"),
    path(SPACE, space.space, name="space"),
    path(SPACE + "meteo/", space.report, name="weather"),
    path(SPACE + "historique/", space.history, name="history"),
    path(SPACE + "reglages/", space.settings, name="settings"),
    path(SPACE + "reglages/presentation/", space.describe, name="describe"),
    path(SPACE + "reglages/<slug:code>/", space.move, name="move"),
    path(ROADMAP, roadmap.roadmap, name="roadmap"),
    path(ROADMAP + "commencer/", roadmap.start, name="roadmap_start"),
    path(ROADMAP + "arreter/", roadmap.adopt, name="roadmap_adopt"),
    path(ROADMAP + "rythme/", drafting.rhythm, name="roadmap_rhythm"),
    path(ROADMAP + "remettre/", drafting.restore, name="roadmap_restore"),
    path(LINE + "ajouter/", drafting.add, name="roadmap_add"),
    path(LINE + "<int:pk>/", drafting.line, name="roadmap_line"),
    path(LINE + "<int:pk>/deplacer/", drafting.move, name="roadmap_move"),
    path(LINE + "<int:pk>/retirer/", drafting.remove, name="roadmap_remove"),
    path(ROADMAP + "etapes/<int:pk>/", roadmap.step, name="step"),
    path(ROADMAP + "livrables/<int:pk>/", evaluation.deliverable, name="deliverable"),
    path(ROADMAP + "<int:number>/", roadmap.version, name="roadmap_version"),
    path(ROADMAP + "<int:number>/cercle/", roadmap.circle, name="roadmap_circle"),
    path(ROADMAP + "<int:before>/<int:after>/", roadmap.comparison, name="roadmap_compare"),
]
