"""Doors of this part of the room."""

from django.urls import URLPattern, path

from dialogue.contributions.views import answers, pairs, second, sorting, sorting_bulk, sorting_decide, sorting_file

BASE = "pilotage/contributions/"
urlpatterns: list[URLPattern] = [
    path(BASE, sorting.pilot, name="pilot"),
    path(f"{BASE}liste/", sorting.listing, name="listing"),
    path(f"{BASE}trier/", sorting.sort, name="sort"),
    path(f"{BASE}trier/lot/", sorting_bulk.bulk, name="bulk"),
    path(f"{BASE}trier/annuler/<int:pk>/", sorting_decide.undo_group, name="undo_group"),
    path(f"{BASE}ressemblances/", pairs.pairs, name="pairs"),
    path(f"{BASE}ressemblances/plusieurs/", pairs.judge_several, name="judge_several"),
    path(f"{BASE}ressemblances/regrouper/", pairs.merge_group, name="merge_group"),
    path(f"{BASE}ressemblances/<int:pk>/", pairs.judge, name="judge_pair"),
    path(f"{BASE}ressemblances/<int:pk>/revoir/", pairs.reconsider, name="reconsider_pair"),
    path(f"{BASE}reponses/", answers.ready, name="answers"),
    path(f"{BASE}reponses/envoyer/", answers.send, name="send_answers"),
    path(f"{BASE}reponses/modeles/", answers.templates, name="templates"),
    path(f"{BASE}reponses/modeles/nouveau/", answers.template, name="new_template"),
    path(f"{BASE}reponses/modeles/<int:pk>/", answers.template, name="template"),
    path(f"{BASE}reponses/modeles/<int:pk>/supprimer/", answers.delete_template, name="delete_template"),
    path(f"{BASE}seconde-lecture/", second.second_reading, name="second_reading"),
    path(f"{BASE}seconde-lecture/tirer/", second.draw, name="draw_second"),
    path(f"{BASE}seconde-lecture/<int:pk>/", second.read, name="read_second"),
    path(f"{BASE}seconde-lecture/<int:pk>/trancher/", second.settle, name="settle_second"),
    path(f"{BASE}<int:number>/", sorting_file.file, name="file"),
    path(f"{BASE}<int:number>/prendre/", sorting_decide.take, name="take"),
    path(f"{BASE}<int:number>/rendre/", sorting_decide.give_back, name="give_back"),
    path(f"{BASE}<int:number>/decider/", sorting_decide.decide, name="decide"),
    path(f"{BASE}<int:number>/annuler/", sorting_decide.undo, name="undo"),
    path(f"{BASE}<int:number>/classement/", sorting_file.reclassify, name="reclassify"),
    path(f"{BASE}<int:number>/repondre/", sorting_file.answer, name="answer"),
    path(f"{BASE}<int:number>/envoyer/", sorting_file.send, name="send"),
    path(f"{BASE}<int:number>/reprendre/", sorting_file.reopen, name="reopen"),
    path(f"{BASE}<int:number>/regrouper/", sorting_file.merge, name="merge"),
    path(f"{BASE}<int:number>/separer/", sorting_file.unmerge, name="unmerge"),
]
