"""Doors of the chantiers room: the choice of chantiers, their life, and their members."""

from dialogue.chantiers.views.choosing_urls import urlpatterns as choosing
from dialogue.chantiers.views.life_urls import urlpatterns as life
from dialogue.chantiers.views.members_urls import urlpatterns as members

app_name = "chantiers"
urlpatterns = [*choosing, *life, *members]
