from django.urls import path

from dialogue.territories.views import brand, dates, frame, priorities

app_name = "territories"
urlpatterns = [
    path("marque.css", brand.brand_css, name="brand_css"),
    path("marque/logo", brand.logo, name="logo"),
    path("pilotage/marque/", brand.brand_page, name="brand"),
    path("pilotage/marque/apercu.css", brand.brand_preview_css, name="brand_preview_css"),
    path("pilotage/cadre/", frame.frame_page, name="frame"),
    path("pilotage/cadre/territoires/<slug:code>/", frame.territory_page, name="edit_territory"),
    path("pilotage/cadre/themes/<slug:code>/", frame.theme_page, name="edit_theme"),
    path("pilotage/cadre/nouveau-theme/", frame.new_theme_page, name="new_theme"),
    path("pilotage/cadre/communes/<slug:insee_code>/", frame.commune_page, name="edit_commune"),
    path("pilotage/calendrier/", dates.dates_page, name="dates"),
    path("pilotage/calendrier/nouvelle/", dates.new_date_page, name="new_date"),
    path("pilotage/calendrier/<int:pk>/", dates.date_page, name="date"),
    path("pilotage/calendrier/<int:pk>/retirer/", dates.remove_date_page, name="remove_date"),
    path("pilotage/priorites/", priorities.priorities_page, name="priorities"),
    path("pilotage/priorites/annuler/", priorities.undo_page, name="undo_priorities"),
    path("pilotage/priorites/<slug:code>/", priorities.territory_page, name="priorities_of"),
]
