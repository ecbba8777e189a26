from django.urls import path
from django.views.i18n import set_language

from dialogue.ui import views

app_name = "ui"
urlpatterns = [
    path("affichage/", views.theme, name="theme"),
    path("langue/", set_language, name="language"),
    path("composants/", views.components, name="components"),
]
