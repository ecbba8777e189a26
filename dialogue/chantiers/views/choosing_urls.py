"""Doors of the choice of chantiers: priorities, candidates, their comparison, the council's decision; and what a chantier takes up."""

from django.urls import path

from dialogue.chantiers.views import choosing, choosing_candidate, links

CHOOSE = "pilotage/choix/"
ONE = CHOOSE + "<int:pk>/"
LINKS = "chantiers/<slug:slug>/espace/contributions/"

urlpatterns = [
    path(CHOOSE, choosing.choose, name="choose"),
    path(CHOOSE + "case/", choosing.cell, name="choose_cell"),
    path(CHOOSE + "structurant/", choosing.structuring, name="choose_structuring"),
    path(CHOOSE + "candidats/", choosing.candidates, name="candidates"),
    path(CHOOSE + "candidats.csv", choosing.candidates_csv, name="candidates_csv"),
    path(CHOOSE + "comparer/", choosing.compare, name="candidates_compare"),
    path(CHOOSE + "conseil/<int:pk>/", choosing_candidate.council, name="council_choices"),
    path(ONE, choosing_candidate.candidate, name="candidate"),
    path(ONE + "voir-comme/", choosing_candidate.announce, name="candidate_announce"),
    path(ONE + "taire/", choosing_candidate.stop_announcing, name="candidate_stop"),
    path(ONE + "retirer/", choosing_candidate.withdraw, name="candidate_withdraw"),
    path(ONE + "decider/", choosing_candidate.decide, name="candidate_decide"),
    path(ONE + "reexaminer/", choosing_candidate.reexamine, name="candidate_reexamine"),
    path(ONE + "ouvrir/", choosing_candidate.open_chantier, name="candidate_open"),
    path(LINKS, links.links, name="links"),
    path(LINKS + "<int:number>/detacher/", links.detach, name="link_detach"),
]
