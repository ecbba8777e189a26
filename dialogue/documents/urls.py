"""Doors of the documents room."""

from django.urls import path

from dialogue.documents import views

app_name = "documents"
LIBRARY = "chantiers/<slug:slug>/espace/documents/"
urlpatterns = [
    path("outils-communs/", views.toolbox, name="toolbox"),
    path("chantiers/<slug:slug>/documents/", views.public, name="public"),
    path("chantiers/<slug:slug>/documents/<int:pk>/", views.shared, name="shared"),
    path("chantiers/<slug:slug>/documents/<int:pk>/v<int:number>/", views.download, name="download"),
    path(LIBRARY, views.library, name="list"),
    path(LIBRARY + "<int:pk>/", views.document, name="document"),
    path(LIBRARY + "<int:pk>/version/", views.add_version, name="version"),
    path(LIBRARY + "<int:pk>/modifier/", views.change, name="change"),
    path(LIBRARY + "<int:pk>/lecteurs/", views.circle, name="circle"),
    path(LIBRARY + "<int:pk>/proposer/", views.offer, name="offer"),
    path(LIBRARY + "<int:pk>/retirer/", views.withdraw, name="withdraw"),
    path(LIBRARY + "<int:pk>/remarque/", views.remark, name="remark"),
    path(LIBRARY + "<int:pk>/<slug:code>/", views.move, name="move"),
]
