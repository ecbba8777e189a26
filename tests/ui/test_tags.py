"""Tags of the design system: the exact markup."""

from datetime import date

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from dialogue.ui.sheet import STATES
from dialogue.ui.templatetags import ui


def draw(template: str, path: str = "/", **context: object) -> str:
    return Template(template).render(Context({"request": RequestFactory().get(path), **context}))


def test_an_icon_is_decorative_and_an_unknown_name_draws_a_sheet_of_paper():
    assert draw("{% ic 'cal' %}") == '<svg class="ic" aria-hidden="true"><use href="#i-cal"/></svg>'
    assert draw("{% ic 'doc' 'vignette' %}") == '<svg class="ic vignette" aria-hidden="true"><use href="#i-doc"/></svg>'
    assert draw("{% ic name %}", name='"><script>') == '<svg class="ic" aria-hidden="true"><use href="#i-doc"/></svg>'


def test_the_state_of_a_chantier_is_an_icon_and_a_word():
    icon = '<svg class="ic" aria-hidden="true"><use href="#i-n3"/></svg>'
    assert draw("{% etat state %}", state=STATES[2]) == f'<span class="etat e3">{icon}Séances en cours</span>'
    assert draw("{% etat state 'fort' %}", state=STATES[2]) == f'<span class="etat e3 fort">{icon}Séances en cours</span>'


@pytest.mark.parametrize(
    ("code", "css", "icon", "words"),
    [("group", "g", "cg", "Groupe seulement"), ("partners", "p", "cp", "Tous les partenaires"), ("public", "u", "cu", "Public")],
)
def test_each_circle_has_its_ripples_and_its_words(code, css, icon, words):
    expected = f'<span class="cercle {css}"><svg class="ic" aria-hidden="true"><use href="#i-{icon}"/></svg>{words}</span>'
    assert draw("{% cercle code %}", code=code) == expected


def test_circles_and_weathers_of_the_design_are_those_of_the_domain():
    from dialogue.chantiers.stages import Weather
    from dialogue.people.stages import Circle

    assert {code: str(words) for code, (_css, _icon, words) in ui.CIRCLES.items()} == dict(Circle.choices)
    assert {code: str(words) for code, (_css, _icon, words) in ui.WEATHERS.items()} == dict(Weather.choices)


def test_every_shown_state_has_an_icon_of_the_set():
    from dialogue.chantiers.stages import ShownState
    from dialogue.ui.icons import ICONS

    assert {state.icon for state in ShownState} <= set(ICONS)


def test_weather_that_was_never_given_draws_nothing():
    assert draw("{% meteo '' %}") == ""
    expected = '<span class="meteo m-v"><svg class="ic" aria-hidden="true"><use href="#i-vent"/></svg>Avis de vent</span>'
    assert draw("{% meteo 'gale' %}") == expected


def test_marks_stay_between_none_and_six():
    assert draw("{% jalon 4 %}") == '<span class="jalon j4" aria-hidden="true"></span>'
    assert 'class="jalon j6"' in draw("{% jalon 12 %}")
    assert 'class="jalon j5"' in draw("{% jalon state %}", state=STATES[4])


def test_the_leaf_of_a_calendar_tells_the_day_or_only_the_month():
    assert draw("{% feuille d %}", d=date(2017, 11, 14)) == '<time class="feuille" datetime="2017-11-14"><b>14</b>nov.</time>'
    first = '<time class="feuille" datetime="2018-03-01"><b>1<sup>er</sup></b>mars</time>'
    assert draw("{% feuille d %}", d=date(2018, 3, 1)) == first
    month = '<time class="feuille mois" datetime="2018-03"><b>mars</b>2018</time>'
    assert draw("{% feuille d 'month' %}", d=date(2018, 3, 1)) == month


def test_a_query_keeps_the_filters_and_changes_one():
    assert draw("{% query_with page=2 %}", "/chantiers/?theme=bus&page=1") == "?theme=bus&amp;page=2"
    assert draw("{% query_with theme='' %}", "/chantiers/?theme=bus&page=1") == "?page=1"
    assert draw("{% query_with theme='' %}", "/chantiers/?theme=bus") == "/chantiers/"


def test_a_menu_entry_says_where_one_is_and_a_missing_door_is_not_shown():
    assert draw("{% entry 'account_login' 'Se connecter' %}") == '<li><a href="/compte/login/">Se connecter</a></li>'
    here = '<li><a href="/compte/login/" aria-current="page">Se connecter</a></li>'
    assert draw("{% entry 'account_login' 'Se connecter' %}", "/compte/login/") == here
    below = '<li><a href="/compte/login/" aria-current="true">Se connecter</a></li>'
    assert draw("{% entry 'account_login' 'Se connecter' %}", "/compte/login/code/") == below
    assert draw("{% entry 'no:such_door' 'Rien' %}") == ""


def test_pages_are_numbered_with_gaps_and_the_current_one_is_told():
    page = Paginator(range(200), 20).page(5)
    text = draw("{% include 'ui/_pagination.html' %}", "/chantiers/?q=eau", page=page)
    assert 'href="?q=eau&amp;page=4" rel="prev"' in text
    assert 'href="?q=eau&amp;page=6" rel="next"' in text
    assert text.count("aria-current") == 1
    assert [number for number, _text in ui.page_numbers(page)] == [1, None, 4, 5, 6, None, 10]
    assert draw("{% include 'ui/_pagination.html' %}", page=Paginator([1], 20).page(1)).strip() == ""


def test_a_sentence_that_several_fields_say_is_told_with_the_name_of_each():
    class Sheet(forms.Form):
        useful = forms.CharField(label="Était-ce utile ?")
        clear = forms.CharField(label="Était-ce clair ?")
        day = forms.DateField(label="Le jour", error_messages={"required": "Donnez un jour."})

    links = ui.error_links(Sheet({}))
    assert [str(sentence) for _anchor, sentence in links] == [
        "« Était-ce utile ? » : Ce champ est obligatoire.",
        "« Était-ce clair ? » : Ce champ est obligatoire.",
        "Donnez un jour.",
    ]
