"""Doors of this part of the room."""

from django.urls import URLPattern, path

from dialogue.contributions.views import campaigns, deposit, deposit_code, tracking

urlpatterns: list[URLPattern] = [
    path("contributions/deposer/", deposit.deposits, name="deposits"),
    path("contributions/deposer/<slug:slug>/", deposit.deposit, name="deposit"),
    path("contributions/deposer/<slug:slug>/code/", deposit_code.deposit_code, name="deposit_code"),
    path("contributions/deposer/<slug:slug>/indices/", deposit.hints, name="deposit_hints"),
    path("contributions/deposer/<slug:slug>/effacer/", deposit.discard, name="deposit_discard"),
    path("contributions/communes/", deposit.communes, name="communes"),
    path("contributions/soutenir/<int:number>/", deposit_code.support, name="support"),
    path("contributions/soutenir/<int:number>/code/", deposit_code.support_code, name="support_code"),
    path("contributions/les-miennes/", tracking.mine, name="mine"),
    path("contributions/fichiers/<uuid:file_key>/", tracking.attachment, name="attachment"),
    path("contributions/courriels/<str:token>/", tracking.stop_mail, name="stop_mail"),
    path("contributions/suivi/<slug:key>/", tracking.tracking, name="tracking"),
    path("contributions/suivi/<slug:key>/corriger/", tracking.correct, name="tracking_correct"),
    path("contributions/suivi/<slug:key>/retirer/", tracking.withdraw, name="tracking_withdraw"),
    path("contributions/suivi/<slug:key>/publication/", tracking.consent, name="tracking_consent"),
    path("contributions/suivi/<slug:key>/fichiers/", tracking.files, name="tracking_files"),
    path("contributions/suivi/<slug:key>/fichiers/<uuid:file_key>/", tracking.file, name="tracking_file"),
    path("contributions/suivi/<slug:key>/courriels/", tracking.mail, name="tracking_mail"),
    path("contributions/suivi/<slug:key>/reprendre/", tracking.resume, name="tracking_resume"),
    path("pilotage/contributions/campagnes/", campaigns.campaigns, name="campaigns_pilot"),
    path("pilotage/contributions/campagnes/nouvelle/", campaigns.campaign_new, name="campaign_new"),
    path("pilotage/contributions/campagnes/<slug:slug>/", campaigns.campaign_change, name="campaign_change"),
    path("pilotage/contributions/campagnes/<slug:slug>/<slug:move>/", campaigns.campaign_move, name="campaign_move"),
    path("pilotage/contributions/saisir/", campaigns.enter, name="enter"),
]
