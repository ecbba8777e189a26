"""Doors of the carnet de voyage: its readers', the groups', its team's."""

from django.urls import path

from dialogue.logbook.views import chapters, editions, members, public, table

app_name = "logbook"
GROUP = "chantiers/<slug:slug>/espace/carnet/"
TABLE = "pilotage/carnet/"
EDITION = TABLE + "editions/<int:pk>/"
urlpatterns = [
    path("carnet/", public.home, name="home"),
    path("carnet/photos/<slug:key>/<int:width>.<slug:extension>", public.photo, name="photo"),
    path("carnet/sons/<slug:key>.<slug:extension>", public.sound, name="sound"),
    path("carnet/<slug:edition>/", public.edition, name="edition"),
    path("carnet/<slug:edition>/carnet.<slug:extension>", public.download, name="download"),
    path(GROUP, members.group, name="group"),
    path(GROUP + "proposer/", members.propose, name="propose"),
    path(GROUP + "seance/<int:pk>/", members.propose_material, name="material"),
    path(GROUP + "<int:pk>/modifier/", members.edit, name="edit_own"),
    path(GROUP + "<int:pk>/reprendre/", members.withdraw, name="withdraw"),
    path(GROUP + "<int:pk>/sans-nom/", members.unname, name="unname"),
    path(GROUP + "<int:pk>/accord/", members.end_consent, name="end_consent"),
    path(TABLE, table.table, name="table"),
    path(TABLE + "ecrire/", table.write, name="write"),
    path(TABLE + "equipe/", table.team, name="team"),
    path(TABLE + "equipe/<int:pk>/retirer/", table.end_editor, name="end_editor"),
    path(TABLE + "<int:pk>/retenir/", table.choose, name="choose"),
    path(TABLE + "<int:pk>/ne-pas-retenir/", table.refuse, name="refuse"),
    path(TABLE + "<int:pk>/relire/", table.reconsider, name="reconsider"),
    path(TABLE + "<int:pk>/modifier/", table.edit, name="edit"),
    path(TABLE + "<int:pk>/accord/", table.end_consent, name="end_consent_team"),
    path(TABLE + "editions/", editions.draft, name="draft"),
    path(EDITION, editions.layout, name="layout"),
    path(EDITION + "presentation/", editions.describe, name="describe"),
    path(EDITION + "chiffres/", editions.figures, name="figures"),
    path(EDITION + "apercu/", editions.preview, name="preview"),
    path(EDITION + "apercu.pdf", editions.preview_pdf, name="preview_pdf"),
    path(EDITION + "publier/", editions.publish, name="publish"),
    path(EDITION + "corriger/", editions.correct, name="correct"),
    path(EDITION + "abandonner/", editions.drop, name="drop"),
    path(EDITION + "fichiers/", editions.bind_again, name="bind_again"),
    path(EDITION + "escales/", chapters.add, name="add_chapter"),
    path(EDITION + "escales/<int:chapter>/", chapters.edit, name="edit_chapter"),
    path(EDITION + "escales/<int:chapter>/deplacer/", chapters.move, name="move_chapter"),
    path(EDITION + "escales/<int:chapter>/retirer/", chapters.remove, name="remove_chapter"),
    path(EDITION + "placer/<int:entry>/", chapters.place, name="place"),
    path(EDITION + "elements/<int:placement>/<slug:code>/", chapters.move_placement, name="move_placement"),
]
