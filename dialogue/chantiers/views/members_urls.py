"""Doors of the membership: members, requests, invitations, directory, cooperations."""

from django.urls import URLPattern, path

from dialogue.chantiers.views import (
    members,
    members_cooperations,
    members_directory,
    members_invitations,
    members_join,
)

SPACE = "chantiers/<slug:slug>/espace"

urlpatterns: list[URLPattern] = [
    path("annuaire/", members_directory.directory, name="directory"),
    path("invitations/<str:token>/", members_invitations.invitation, name="invitation"),
    path("chantiers/<slug:slug>/rejoindre/", members_join.join, name="join"),
    path("chantiers/<slug:slug>/rejoindre/<int:pk>/retirer/", members_join.withdraw, name="withdraw_request"),
    path("chantiers/<slug:slug>/suivre/", members_join.follow, name="follow"),
    path(f"{SPACE}/membres/", members.members, name="members"),
    path(f"{SPACE}/membres/ajouter/", members.add_member, name="add_member"),
    path(f"{SPACE}/membres/inviter/", members_invitations.invite, name="invite"),
    path(f"{SPACE}/membres/<int:pk>/role/", members.change_role, name="change_role"),
    path(f"{SPACE}/membres/<int:pk>/quitter/", members.leave, name="leave"),
    path(f"{SPACE}/membres/<int:pk>/representants/", members.representatives, name="representatives"),
    path(f"{SPACE}/representants/<int:pk>/fin/", members.end_representation, name="end_representation"),
    path(f"{SPACE}/demandes/<int:pk>/", members_join.answer_request, name="answer_request"),
    path(f"{SPACE}/invitations/<int:pk>/renvoyer/", members_invitations.resend, name="resend_invitation"),
    path(f"{SPACE}/invitations/<int:pk>/annuler/", members_invitations.revoke, name="revoke_invitation"),
    path(f"{SPACE}/cooperations/", members_cooperations.cooperations, name="cooperations"),
    path(f"{SPACE}/cooperations/nouvelle/", members_cooperations.record, name="record_cooperation"),
    path(f"{SPACE}/cooperations/<int:pk>/", members_cooperations.change, name="change_cooperation"),
    path(f"{SPACE}/cooperations/<int:pk>/effacer/", members_cooperations.remove, name="remove_cooperation"),
]
