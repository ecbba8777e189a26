"""Doors of deliverables: those of the group, then the results that everyone reads."""

from django.urls import path

from dialogue.deliverables.views import preparing, publishing, reading, results

app_name = "deliverables"
SPACE = "chantiers/<slug:slug>/espace/livrables/"
ONE = SPACE + "<uuid:key>/"
urlpatterns = [
    path("resultats/", results.results, name="results"),
    path("resultats/actualites.atom", results.feed, name="feed"),
    path("resultats/<int:number>/", results.result, name="result"),
    path("resultats/<int:number>/<slug:what>/", results.file, name="file"),
    path(SPACE, reading.deliverables, name="list"),
    path(SPACE + "nouveau/", preparing.new, name="new"),
    path(ONE, reading.deliverable, name="deliverable"),
    path(ONE + "commencer/", preparing.start, name="start"),
    path(ONE + "rediger/", preparing.words, name="words"),
    path(ONE + "fichier/", preparing.file, {"accessible": False}, name="attach"),
    path(ONE + "version-accessible/", preparing.file, {"accessible": True}, name="attach_accessible"),
    path(ONE + "soumettre/", preparing.submit, name="submit"),
    path(ONE + "modification/", preparing.ask_change, name="ask_change"),
    path(ONE + "seance/", preparing.meeting, name="meeting"),
    path(ONE + "publier/", publishing.publish, name="publish"),
    path(ONE + "lecteurs/", publishing.circle, name="circle"),
    path(ONE + "annuler-la-version/", publishing.drop_version, name="drop_version"),
    path(ONE + "abandonner/", publishing.give_up, name="give_up"),
    path(ONE + "<slug:code>/", preparing.move, name="move"),
]
