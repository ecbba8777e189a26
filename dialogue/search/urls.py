"""Doors of the search room."""

from django.urls import path

from dialogue.search import views

app_name = "search"
urlpatterns = [
    path("recherche/", views.search, name="search"),
]
