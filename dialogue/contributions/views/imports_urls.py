"""Doors of this part of the room."""

from django.urls import URLPattern, path

from dialogue.contributions.views import imports, imports_files

urlpatterns: list[URLPattern] = [
    path("pilotage/contributions/imports/", imports.imports_list, name="imports"),
    path("pilotage/contributions/imports/nouveau/", imports.new, name="import_new"),
    path("pilotage/contributions/imports/modele.csv", imports_files.model, name="import_model"),
    path("pilotage/contributions/imports/<int:pk>/", imports.batch, name="import"),
    path("pilotage/contributions/imports/<int:pk>/fichier/", imports.source, name="import_source"),
    path("pilotage/contributions/imports/<int:pk>/colonnes/", imports.columns, name="import_columns"),
    path("pilotage/contributions/imports/<int:pk>/mots/", imports.words, name="import_words"),
    path("pilotage/contributions/imports/<int:pk>/importer/", imports.start, name="import_start"),
    path("pilotage/contributions/imports/<int:pk>/avancement/", imports.progress, name="import_progress"),
    path("pilotage/contributions/imports/<int:pk>/annuler/", imports.undo, name="import_undo"),
    path("pilotage/contributions/imports/<int:pk>/problemes.csv", imports_files.problems, name="import_problems"),
    path("pilotage/contributions/imports/<int:pk>/a-corriger.csv", imports_files.refused, name="import_refused"),
]
