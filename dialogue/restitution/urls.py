"""Doors of restitution."""

from django.urls import URLPattern

app_name = "restitution"
urlpatterns: list[URLPattern] = []
