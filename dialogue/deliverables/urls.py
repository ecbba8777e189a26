"""Doors of deliverables."""

from django.urls import URLPattern

app_name = "deliverables"
urlpatterns: list[URLPattern] = []
