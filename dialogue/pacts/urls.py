"""Doors of the pacts: what everybody reads, then the coordination's screens."""

from django.urls import path

from dialogue.pacts.views import actions, editions, pilot, public

app_name = "pacts"
urlpatterns = [
    path("pactes/", public.index, name="index"),
    path("pactes/actions/<int:number>/", public.action, name="action"),
    path("pactes/<slug:code>/", public.pact, name="pact"),
    path("pactes/<slug:code>/<int:year>/", public.edition, name="edition"),
    path("pactes/<slug:code>/<int:year>.pdf", public.edition_pdf, name="pdf"),
    path("pactes/<slug:code>/<int:year>/differences/<int:before>/", public.differences, name="differences"),
    path("pilotage/pactes/", pilot.overview, name="pilot"),
    path("pilotage/pactes/actualiser/", editions.prepare_all, name="prepare_all"),
    path("pilotage/pactes/rattacher/<int:number>/", actions.link, name="link"),
    path("pilotage/pactes/actions/<int:number>/", actions.edit, name="edit_action"),
    path("pilotage/pactes/actions/<int:number>/detacher/<int:contribution>/", actions.detach, name="detach"),
    path("pilotage/pactes/actions/<int:number>/<slug:move>/", actions.move, name="move_action"),
    path("pilotage/pactes/<slug:code>/", pilot.one, name="pilot_pact"),
    path("pilotage/pactes/<slug:code>/presentation/", pilot.write, name="write_pact"),
    path("pilotage/pactes/<slug:code>/nouvelle-action/", actions.add, name="add_action"),
    path("pilotage/pactes/<slug:code>/actualiser/", editions.prepare, name="prepare"),
    path("pilotage/pactes/<slug:code>/<int:year>/", editions.draft, name="draft"),
    path("pilotage/pactes/<slug:code>/<int:year>/apercu/", editions.preview, name="preview"),
    path("pilotage/pactes/<slug:code>/<int:year>/adopter/", editions.adopt, name="adopt"),
    path("pilotage/pactes/<slug:code>/<int:year>/<slug:move>/", editions.move, name="move_edition"),
]
