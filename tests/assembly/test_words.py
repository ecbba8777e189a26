"""What the pages of propositions say: what is needed later, which services are offered, the result that a proposition carries on."""

import pytest
from django.urls import reverse

from dialogue.assembly.forms.propositions import AskForm, SubmitForm, TextForm
from dialogue.assembly.stages import PropositionStage
from dialogue.meetings.models import Decision
from dialogue.people.stages import Kind
from tests import factories as make
from tests.assembly.test_desk import words
from tests.factories_deliverables import make_result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
S = PropositionStage


def page_of(client, name, *args):
    return words(client.get(reverse(f"assembly:{name}", args=args)))


def test_what_an_adoption_needs_is_not_said_optional(chantier):
    made = make.make_proposition(chantier)
    form = TextForm(None, proposition=made, decisions=Decision.objects.none())
    drawn = {field.name: "(facultatif)" in field.as_field_group() for field in form if not field.is_hidden}
    assert drawn == {"title": False, "text": False, "reasons": False, "expected_effect": False, "estimated_cost": True}


def test_what_is_done_is_quoted(client, chantier, lead):
    made = make.make_proposition(chantier)
    client.force_login(lead)
    url = reverse("assembly:move", args=[chantier.slug, made.number, "adopter"])
    answer = client.post(url, {"meeting": make.make_held_meeting(chantier).pk, "revision": 0}, follow=True)
    assert "« Enregistrer l’adoption par le groupe » : c’est fait." in words(answer)


def test_a_service_is_named_without_a_word_to_agree_with(client, chantier):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    service = make.make_organisation(name="Direction des collèges", kind=Kind.DIRECTORATE)
    opinion = make.make_opinion(made, service=service)
    client.force_login(make.make_mandate(organisation=service).person)
    text = page_of(client, "opinion", made.number, opinion.pk)
    assert '<h1 class="h-espace">Avis du service : Direction des collèges</h1>' in text
    assert f"<title>Avis du service : Direction des collèges (1), proposition n° {made.number}" in text
    assert "Avis demandé : Direction des collèges" in words(client.get(reverse("portal:my_space")))


def test_the_group_chooses_among_the_services_of_the_departement(chantier):
    state = make.make_organisation(name="Service de l’État", kind=Kind.STATE)
    library = make.make_organisation(name="Bibliothèque", kind=Kind.PUBLIC_BODY)
    make.make_organisation(name="Association", kind=Kind.ASSOCIATION)
    assert set(SubmitForm().fields["services"].queryset) == {state, library}
    colleges = make.make_organisation(name="Direction des collèges", kind=Kind.DIRECTORATE)
    assert list(SubmitForm().fields["services"].queryset) == [colleges]
    # The coordination may ask others, one at a time.
    assert set(AskForm().fields["service"].queryset) == {state, library, colleges}


def test_the_meeting_that_adopted_is_told_by_its_rank(client, chantier, lead):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW, meeting=make.make_held_meeting(chantier, number=5))
    client.force_login(lead)
    assert "À la 5e séance du groupe." in page_of(client, "work", chantier.slug, made.number)


def test_a_proposition_leads_to_the_published_result_that_it_carries_on(client, chantier, lead):
    result = make_result(chantier, lead, title="Guide des achats, tome 1")
    other = make_result(chantier, lead, stage="in_progress", title="Un brouillon")
    carried, waiting = (
        make.make_proposition(chantier, stage=S.UNDER_REVIEW, deliverable_key=row.key, deliverable_title="Un guide des achats")
        for row in (result, other)
    )
    client.force_login(lead)
    link = f'<dd><a href="{result.get_absolute_url()}">Guide des achats, tome 1</a></dd>'
    for name, args in (("work", [chantier.slug]), ("proposition", [])):
        assert link in page_of(client, name, *args, carried.number)
        text = page_of(client, name, *args, waiting.number)
        assert "<dd>Un guide des achats</dd>" in text
        assert "Un brouillon" not in text
