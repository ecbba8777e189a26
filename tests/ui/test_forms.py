"""Fields in the markup of the design."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template


class Visit(forms.Form):
    name = forms.CharField(label="Votre nom", help_text="Comme sur le registre.")
    on = forms.DateField(label="Jour", required=False)
    at = forms.TimeField(label="Heure", required=False)
    place = forms.ChoiceField(label="Lieu", choices=[("a", "Mairie"), ("b", "École")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="J’accepte")

    def clean(self):
        if self.data.get("name") == "personne":
            raise forms.ValidationError("Dites qui vient.")


def squeezed(html: str) -> str:
    return "".join(line.strip() for line in str(html).splitlines())


def test_a_field_has_its_label_above_then_help_then_the_field():
    assert squeezed(Visit()["name"].as_field_group()) == (
        '<div class="champ"><label for="id_name">Votre nom</label>'
        '<div class="aide" id="id_name_helptext">Comme sur le registre.</div>'
        '<input type="text" name="name" required aria-describedby="id_name_helptext" id="id_name"></div>'
    )


def test_an_error_is_told_under_the_help_and_tied_to_its_field():
    html = squeezed(Visit({})["name"].as_field_group())
    assert '<p class="erreur" id="id_name_error">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert html.index("id_name_helptext") < html.index("erreur") < html.index("<input")


def test_what_is_optional_says_so_and_what_is_required_does_not():
    assert '<label for="id_on">Jour <span class="aide">(facultatif)</span></label>' in str(Visit()["on"].as_field_group())
    assert "facultatif" not in str(Visit()["name"].as_field_group())
    assert "facultatif" not in str(Visit()["agree"].as_field_group())


def test_a_group_of_choices_stands_in_a_fieldset_with_a_legend():
    html = squeezed(Visit({})["place"].as_field_group())
    assert html.startswith('<div class="champ"><fieldset')
    assert "<legend>Lieu</legend>" in html
    assert 'id="id_place_error"' in html
    assert '<label class="choix" for="id_place_0"><input type="radio" name="place" value="a"' in html


def test_a_tick_box_stands_in_its_label():
    html = squeezed(Visit()["agree"].as_field_group())
    assert html.startswith('<div class="champ"><label class="choix" for="id_agree"><input type="checkbox" name="agree"')
    assert "<span>J’accepte</span></label>" in html


@pytest.mark.parametrize("value", [date(2017, 11, 7), "2017-11-07", "07/11/2017"])
def test_a_date_is_the_browser_s_own_field_whatever_was_typed(value):
    html = str(Visit({"on": value} if isinstance(value, str) else None, initial={"on": value})["on"])
    assert html.startswith('<input type="date" name="on" value="2017-11-07"')


def test_what_is_no_date_is_not_lost():
    assert 'value="bientôt"' in str(Visit({"on": "bientôt"})["on"])


def test_an_hour_is_the_browser_s_own_field():
    assert str(Visit({"at": "14:30"})["at"]).startswith('<input type="time" name="at" value="14:30"')


def test_the_summary_counts_the_errors_and_leads_to_each_field():
    html = squeezed(Visit({"name": "Ana"}))
    assert html.count('class="encart err" role="alert"') == 1
    assert "2 réponses à corriger" in html
    assert '<a href="#id_place_0">' in html
    assert '<a href="#id_agree">' in html


def test_an_error_of_the_whole_form_is_in_the_summary_without_link():
    html = squeezed(Visit({"name": "personne", "place": "a", "agree": "on"}))
    assert "Une réponse à corriger" in html
    assert "<li>Dites qui vient.</li>" in html


def test_a_page_that_includes_the_summary_itself_has_it_once():
    page = Template('{% include "ui/_form_errors.html" %}{{ form }}').render(Context({"form": Visit({})}))
    assert page.count('role="alert"') == 1
