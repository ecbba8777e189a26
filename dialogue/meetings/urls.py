"""Doors of the meetings room."""

from django.urls import path

from dialogue.meetings.views import convening as views

app_name = "meetings"
MEETINGS = "chantiers/<slug:slug>/espace/seances/"
urlpatterns = [
    path(MEETINGS, views.meetings, name="list"),
    path(MEETINGS + "convoquer/", views.convene, name="convene"),
    path(MEETINGS + "<int:number>/deplacer/", views.move, name="move"),
    path(MEETINGS + "<int:number>/annuler/", views.cancel, name="cancel"),
    path(MEETINGS + "<int:number>/tenue/", views.hold, name="hold"),
]
