"""Doors of opendata."""

from django.urls import URLPattern

app_name = "opendata"
urlpatterns: list[URLPattern] = []
