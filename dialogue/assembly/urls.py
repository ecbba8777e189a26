"""Doors of the assembly room: propositions in their group, for everyone, in instruction, before the assembly."""

from django.urls import path

from dialogue.assembly.views import group, importing, instruction, moves, public, sessions

app_name = "assembly"
GROUP = "chantiers/<slug:slug>/propositions/"
SESSION = "assemblee/seances/<int:pk>/"
urlpatterns = [
    path("propositions/", public.propositions, name="list"),
    path("propositions/deliberations.csv", public.deliberations, name="deliberations"),
    path("propositions/<int:number>/", public.proposition, name="proposition"),
    path("propositions/<int:number>/avis/<int:pk>/", instruction.opinion, name="opinion"),
    path("propositions/<int:number>/avis/<int:pk>/annuler/", instruction.cancel, name="cancel_opinion"),
    path("pilotage/propositions/", instruction.queue, name="queue"),
    path("pilotage/propositions/<int:number>/avis/", instruction.ask, name="ask"),
    path(GROUP, group.propositions, name="group"),
    path(GROUP + "nouvelle/", group.start, name="start"),
    path(GROUP + "<int:number>/", group.work, name="work"),
    path(GROUP + "<int:number>/modifier/", group.edit, name="edit"),
    path(GROUP + "<int:number>/<slug:code>/", moves.move, name="move"),
    path("assemblee/", sessions.home, name="desk"),
    path("assemblee/votes/<int:pk>/corriger/", sessions.correct, name="correct"),
    path("assemblee/propositions/<int:number>/remettre/", sessions.back, name="back"),
    path("assemblee/importer/", importing.upload, name="import"),
    path("assemblee/seances/nouvelle/", sessions.create, name="create_session"),
    path(SESSION, sessions.session, name="session"),
    path(SESSION + "modifier/", sessions.change, name="change_session"),
    path(SESSION + "retirer/", sessions.remove, name="remove_session"),
    path(SESSION + "ordre-du-jour/", sessions.agenda, name="agenda"),
    path(SESSION + "ordre-du-jour/<int:number>/retirer/", sessions.untable, name="untable"),
    # Where votes were recorded for a whole chantier, before propositions had pages of their own.
    path("chantiers/<slug:slug>/assemblee/<slug:code>/", sessions.moved, name="old_vote"),
]
