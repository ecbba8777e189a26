"""Doors of the archives."""

from django.urls import path

from dialogue.archive import views

app_name = "archive"
urlpatterns = [
    path("archives/", views.archives, name="archives"),
    path("archives/<int:year>/", views.year, name="year"),
    path("archives/<int:year>.json", views.year_json, name="year_json"),
    path("pilotage/annees/", views.pilot, name="pilot"),
    path("pilotage/annees/ouvrir/", views.open_next, name="open"),
    path("pilotage/annees/<int:year>/clore/", views.close, name="close"),
    path("pilotage/annees/<int:year>/rouvrir/", views.reopen, name="reopen"),
]
