"""Doors of the chantiers room: the life of a chantier, and its members."""

from dialogue.chantiers.views.life_urls import urlpatterns as life
from dialogue.chantiers.views.members_urls import urlpatterns as members

app_name = "chantiers"
urlpatterns = [*life, *members]
