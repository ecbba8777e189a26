"""Doors of the inbox room."""

from django.urls import path

from dialogue.inbox import views

app_name = "inbox"
urlpatterns = [
    path("chantiers/<slug:slug>/espace/courriels/", views.queue, name="queue"),
    path("pilotage/courriels/", views.everything, name="all"),
    path("courriels/<int:pk>/", views.mail, name="mail"),
    path("courriels/<int:pk>/original/", views.original, name="original"),
    path("courriels/<int:pk>/rattacher/", views.file, name="file"),
    path("courriels/<int:pk>/presence/", views.presence, name="presence"),
    path("courriels/<int:pk>/confier/", views.assign, name="assign"),
    path("courriels/<int:pk>/classer/", views.set_aside, name="set_aside"),
    path("courriels/<int:pk>/reprendre/", views.take_back, name="take_back"),
    path("courriels/<int:pk>/refuser/", views.reject, name="reject"),
    path("courriels/<int:pk>/reessayer/", views.retry, name="retry"),
    path("courrier/entrant/<slug:provider>/", views.webhook, name="webhook"),
]
