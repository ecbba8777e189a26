"""Doors of the analysis: runs, groups, and the page that explains the method to all."""

from django.urls import path

from dialogue.contributions.views import analysis, clusters

urlpatterns = [
    path("contributions/methode/", analysis.method, name="method"),
    path("pilotage/contributions/analyses/", analysis.analyses, name="analyses"),
    path("pilotage/contributions/regroupements/", clusters.clusters, name="clusters"),
    path("pilotage/contributions/regroupements/faire/", clusters.make, name="clusters_make"),
    path("pilotage/contributions/regroupements/<int:number>/", clusters.cluster, name="cluster"),
    path("pilotage/contributions/regroupements/annuler/<int:pk>/", clusters.undo, name="cluster_undo"),
]
