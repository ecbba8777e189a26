"""Doors of the discussion room."""

from django.urls import path

from dialogue.discussion import views, views_roadmap

app_name = "discussion"
TALK = "chantiers/<slug:slug>/espace/discussion/"
urlpatterns = [
    path(TALK, views.threads, name="list"),
    path(TALK + "<int:pk>/", views.thread, name="thread"),
    path(TALK + "<int:pk>/repondre/", views.post, name="post"),
    path(TALK + "<int:pk>/suivre/", views.follow, name="follow"),
    path(TALK + "<int:pk>/clore/", views.close, name="close"),
    path(TALK + "messages/<int:pk>/corriger/", views.edit, name="edit"),
    path(TALK + "messages/<int:pk>/masquer/", views.hide, name="hide"),
    path(TALK + "messages/<int:pk>/montrer/", views.show, name="show"),
    path(TALK + "messages/<int:pk>/suite/", views.settle, name="settle"),
    path("chantiers/<slug:slug>/espace/feuille-de-route/<int:number>/remarques/", views_roadmap.roadmap, name="roadmap"),
    path("chantiers/<slug:slug>/espace/livrables/<int:pk>/remarques/", views_roadmap.deliverable, name="deliverable"),
]
