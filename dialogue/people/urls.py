from django.urls import path

from dialogue.people.views import account, organisations, pilot

app_name = "people"
urlpatterns = [
    path("mon-compte/", account.show, name="account"),
    path("mon-compte/attente/", account.waiting, name="waiting"),
    path("mon-compte/adresse-du-calendrier/", account.renew_calendar, name="renew_calendar"),
    path("mon-compte/export/", account.export, name="export"),
    path("mon-compte/fermer/", account.close, name="close"),
    path("organismes/", organisations.directory, name="organisations"),
    path("organismes/proposer/", organisations.propose, name="organisation_propose"),
    path("organismes/<int:pk>/", organisations.show, name="organisation"),
    path("organismes/<int:pk>/logo/", organisations.logo, name="organisation_logo"),
    path("organismes/<int:pk>/modifier/", organisations.change, name="organisation_change"),
    path("pilotage/comptes/", pilot.accounts, name="accounts"),
    path("pilotage/comptes/<int:pk>/", pilot.account, name="accounts_detail"),
    path("pilotage/comptes/<int:pk>/valider/", pilot.validate, name="account_validate"),
    path("pilotage/comptes/<int:pk>/refuser/", pilot.refuse, name="account_refuse"),
    path("pilotage/comptes/<int:pk>/charge/", pilot.office, name="account_office"),
    path("pilotage/comptes/<int:pk>/organismes/", pilot.mandate, name="account_mandate"),
    path("pilotage/comptes/<int:pk>/fermer/", pilot.close, name="account_close"),
    path("pilotage/mandats/<int:pk>/terminer/", pilot.end_mandate, name="mandate_end"),
    path("pilotage/organismes/", pilot.organisations, name="organisations_pilot"),
    path("pilotage/organismes/<int:pk>/valider/", pilot.validate_organisation, name="organisation_validate"),
    path("pilotage/organismes/<int:pk>/fusionner/", pilot.merge, name="organisation_merge"),
]
