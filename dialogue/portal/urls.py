"""Doors of the portal."""

from django.urls import path

from dialogue.portal.views import contributions, dates, glance, machines, mine, pilot, places, public, register, texts

app_name = "portal"
urlpatterns = [
    path("", public.home, name="home"),
    path("chantiers/", public.chantiers, name="chantiers"),
    path("chantiers/<slug:slug>/", public.chantier, name="chantier"),
    path("chantiers/<slug:slug>/agenda.ics", dates.chantier_ics, name="chantier_ics"),
    path("chantiers/<slug:slug>/voir-comme/<slug:circle>/", glance.glance, name="glance"),
    path("contributions/", contributions.contributions, name="contributions"),
    path("contributions/carte/", contributions.contributions_map, name="contributions_map"),
    path("contributions/export.<slug:extension>", contributions.contributions_export, name="contributions_export"),
    path("contributions/<int:number>/", contributions.contribution, name="contribution"),
    path("territoires/", places.territories, name="territories"),
    path("territoires/<slug:code>/", places.territory, name="territory"),
    path("territoires/<slug:code>/agenda.ics", dates.territory_ics, name="territory_ics"),
    path("themes/", places.themes, name="themes"),
    path("themes/<slug:code>/", places.theme, name="theme"),
    path("agenda/", dates.agenda, name="agenda"),
    path("agenda/abonnement/", dates.subscribe, name="subscribe"),
    path("agenda.ics", dates.agenda_ics, name="agenda_ics"),
    path("agenda/personnel/<str:key>.ics", dates.personal_ics, name="personal_ics"),
    path("demarche/", texts.process, name="process"),
    path("aide/", texts.help_page, name="help"),
    path("mentions-legales/", texts.legal, name="legal"),
    path("donnees-personnelles/", texts.privacy, name="privacy"),
    path("accessibilite/", texts.accessibility, name="accessibility"),
    path("plan-du-site/", texts.site_map, name="site_map"),
    path("actualites.atom", machines.feed, name="feed"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("mon-espace/", mine.my_space, name="my_space"),
    path("pilotage/", pilot.pilot, name="pilot"),
    path("pilotage/chantiers.csv", pilot.chantiers_csv, name="pilot_csv"),
    path("pilotage/registre/", register.register, name="register"),
    path("pilotage/registre.csv", register.register_csv, name="register_csv"),
]
