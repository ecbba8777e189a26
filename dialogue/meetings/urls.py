"""Doors of the meetings room."""

from django.urls import path

from dialogue.meetings.views import agenda, captured, convening, minutes, polls, registers, session

app_name = "meetings"
MEETINGS = "chantiers/<slug:slug>/espace/seances/"
ONE = MEETINGS + "<int:number>/"
LIVE = ONE + "direct/"
MINUTES = "chantiers/<slug:slug>/seances/<int:number>/"
REGISTER = "chantiers/<slug:slug>/espace/decisions/"
urlpatterns = [
    path(MEETINGS, convening.meetings, name="list"),
    path(MEETINGS + "convoquer/", convening.convene, name="convene"),
    path(MEETINGS + "preparer/", convening.draft, name="draft"),
    path(ONE, agenda.meeting, name="meeting"),
    path(ONE + "deplacer/", convening.move, name="move"),
    path(ONE + "annuler/", convening.cancel, name="cancel"),
    path(ONE + "tenue/", convening.hold, name="hold"),
    path(ONE + "reponse/", agenda.answer, name="answer"),
    path(ONE + "presentation/", agenda.introduce, name="introduce"),
    path(ONE + "presence/", agenda.presence, name="presence"),
    path(ONE + "presence/un/", agenda.mark, name="mark"),
    path(ONE + "emargement/", agenda.sheet, name="sheet"),
    path(ONE + "etape/<slug:code>/", convening.step, name="step"),
    path(ONE + "points/ajouter/", agenda.add_item, name="add_item"),
    path(ONE + "points/<int:pk>/", agenda.edit_item, name="edit_item"),
    path(ONE + "points/<int:pk>/place/", agenda.shift_item, name="shift_item"),
    path(ONE + "sondage/", polls.poll, name="poll"),
    path(ONE + "sondage/ouvrir/", polls.open_poll, name="poll_open"),
    path(ONE + "sondage/choisir/", polls.decide, name="poll_decide"),
    path("dates/<str:token>/", polls.answer, name="poll_answer"),
    path(LIVE, session.session, name="session"),
    path(LIVE + "nouvelles/", session.news, name="news"),
    path(LIVE + "points/<int:pk>/notes/", session.notes, name="notes"),
    path(LIVE + "points/<int:pk>/ajouter/", session.add, name="add_line"),
    path(LIVE + "photo/", captured.photo, name="photo"),
    path(LIVE + "conflits/<int:pk>/", captured.conflict, name="conflict"),
    path(LIVE + "<slug:kind>/<int:pk>/", captured.line, name="line"),
    path(MINUTES + "compte-rendu/", minutes.minutes, name="minutes"),
    path(MINUTES + "releve/", minutes.log, name="log"),
    path(MINUTES + "commencer/", minutes.start, name="start_minutes"),
    path(MINUTES + "corriger/", minutes.write, name="write"),
    path(MINUTES + "pdf/<slug:what>/", minutes.as_pdf, name="pdf"),
    path(MINUTES + "etape/<slug:code>/", minutes.turn, name="turn"),
    path(MINUTES + "comparer/<int:before>/<int:after>/", minutes.compare, name="compare"),
    path("chantiers/<slug:slug>/decisions/<int:number>/", registers.decision, name="decision"),
    path(REGISTER, registers.decisions, name="decisions"),
    path(REGISTER + "csv/", registers.decisions_csv, name="decisions_csv"),
    path(REGISTER + "decisions/<int:pk>/", registers.settle, name="settle"),
    path(REGISTER + "actions/<int:pk>/faite/", registers.done, name="done"),
    path(REGISTER + "actions/<int:pk>/abandonner/", registers.drop, name="drop"),
    path(REGISTER + "actions/<int:pk>/reprendre/", registers.reopen, name="reopen"),
    path("registre-des-decisions/", registers.register, name="register"),
]
