"""Doors of the choice of chantiers: priorities, candidates, their comparison, the council's decision."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
