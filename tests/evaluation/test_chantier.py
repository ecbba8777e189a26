"""One chantier measured: drafted as one goes, by several hands, published, corrected."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.evaluation.acts import evaluation as acts
from dialogue.evaluation.baseline import baseline_of, values_of
from dialogue.evaluation.content import content_of
from dialogue.evaluation.models import Evaluation, EvaluationVersion, Measure
from dialogue.evaluation.stages import EvaluationStage
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people.stages import Circle
from tests import factories as make
from tests.factories import NOW, TODAY
from tests.factories_evaluation import make_completed, make_evaluation, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)
    make.make_department()


def changes_of(chantier: Chantier, evaluation: Evaluation | None = None, **texts: str) -> dict[str, tuple[str, str]]:
    """Everything filled in, as a form would send it."""
    first, second = Objective.objects.filter(roadmap__chantier=chantier, roadmap__version=1).order_by("order")
    item = PlannedDeliverable.objects.get(roadmap__chantier=chantier, roadmap__version=1)
    typed = {
        f"objective-{first.pk}-rating": "partly",
        f"objective-{first.pk}-value": "2 cantines",
        f"objective-{first.pk}-on": "2017-11-03",
        f"objective-{first.pk}-why": "Une cuisine a fermé.",
        f"objective-{second.pk}-rating": "reached",
        f"deliverable-{item.pk}-rating": "reached",
        f"deliverable-{item.pk}-why": "Relu par les cuisiniers.",
        "worked": "Les commandes groupées.",
        "fell_short": "Le transport.",
        "differently": "Associer les transporteurs plus tôt.",
    } | texts
    baseline = baseline_of(chantier)
    assert baseline is not None
    stored = values_of(baseline, evaluation)
    return {key: (stored[key], text) for key, text in typed.items()}


def drafted(**fields: Any) -> Evaluation:
    chantier = make_completed(**fields)
    by = make.make_coordinator()
    evaluation = acts.start_evaluation(chantier, by=by, now=NOW)
    acts.save_draft(evaluation, by=by, now=NOW, changes=changes_of(chantier))
    return evaluation


def test_the_lead_drafts_and_a_partner_does_not():
    chantier = make_completed()
    lead, partner = make.make_member(chantier, role="lead").person, make.make_member(chantier).person
    with pytest.raises(NotAllowed):
        acts.start_evaluation(chantier, by=partner, now=NOW)
    evaluation = acts.start_evaluation(chantier, by=lead, now=NOW)
    assert acts.save_draft(evaluation, by=lead, now=NOW, changes=changes_of(chantier)) == 10
    with pytest.raises(NotAllowed):
        acts.save_draft(evaluation, by=partner, now=NOW, changes={})
    with pytest.raises(NotAllowed):
        acts.publish_evaluation(evaluation, by=lead, now=NOW, circle=Circle.PUBLIC)
    with pytest.raises(Refused, match="déjà commencé"):
        acts.start_evaluation(chantier, by=lead, now=NOW)


def test_a_draft_keeps_measures_dates_and_reasons_and_the_ratings_of_the_lines():
    evaluation = drafted()
    first = Objective.objects.order_by("order").first()
    assert first is not None
    assert (first.rating, first.measured_value) == ("partly", "2 cantines")
    said = Measure.objects.get(objective=first)
    assert (said.measured_on, said.why) == (date(2017, 11, 3), "Une cuisine a fermé.")
    assert Measure.objects.get(deliverable__isnull=False).why == "Relu par les cuisiniers."
    assert Evaluation.objects.get().fell_short == "Le transport."
    # The register says that it was completed, never what was written.
    assert "cantines" not in json.dumps(list(Entry.objects.values("act", "facts")))
    assert acts.save_draft(evaluation, by=make.make_coordinator(), now=NOW, changes={}) == 0


def test_a_rating_can_be_taken_away_while_it_is_a_draft():
    evaluation = drafted()
    item = PlannedDeliverable.objects.get()
    changes = {f"deliverable-{item.pk}-rating": ("reached", "")}
    acts.save_draft(evaluation, by=make.make_coordinator(), now=NOW, changes=changes)
    assert PlannedDeliverable.objects.get().rating == ""


def test_two_people_who_fill_in_different_fields_do_not_tread_on_each_other():
    evaluation = drafted()
    by = make.make_coordinator()
    acts.save_draft(evaluation, by=by, now=NOW, changes={"worked": ("Les commandes groupées.", "Tout.")})
    acts.save_draft(evaluation, by=by, now=NOW, changes={"fell_short": ("Le transport.", "Rien.")})
    stored = Evaluation.objects.get()
    assert (stored.worked, stored.fell_short) == ("Tout.", "Rien.")


def test_the_same_field_written_by_two_people_is_shown_and_nothing_is_lost():
    evaluation = drafted()
    by = make.make_coordinator()
    acts.save_draft(evaluation, by=by, now=NOW, changes={"worked": ("Les commandes groupées.", "Le premier texte.")})
    both = {"worked": ("Les commandes groupées.", "Le second texte."), "fell_short": ("Le transport.", "Autre chose.")}
    with pytest.raises(acts.Overtaken) as caught:
        acts.save_draft(evaluation, by=by, now=NOW, changes=both)
    assert caught.value.fields == {"worked": "Le premier texte."}
    assert Evaluation.objects.get().fell_short == "Le transport."


def test_a_measure_of_tomorrow_and_a_line_of_another_version_are_refused():
    evaluation = drafted()
    first = Objective.objects.order_by("order").first()
    assert first is not None
    changes = {f"objective-{first.pk}-on": ("2017-11-03", (TODAY + timedelta(days=1)).isoformat())}
    with pytest.raises(Refused, match="demain"):
        acts.save_draft(evaluation, by=make.make_coordinator(), now=NOW, changes=changes)
    with pytest.raises(Refused, match="première version"):
        acts.save_draft(evaluation, by=make.make_coordinator(), now=NOW, changes={"objective-0-rating": ("", "reached")})


def test_publication_asks_every_rating_every_date_the_summary_and_a_closed_survey():
    chantier = make_completed()
    by = make.make_coordinator()
    evaluation = make_evaluation(chantier)
    first = Objective.objects.order_by("order").first()
    assert first is not None
    Objective.objects.filter(pk=first.pk).update(measured_value="2")
    make_survey(chantier)
    with pytest.raises(Refused) as caught:
        acts.publish_evaluation(evaluation, by=by, now=NOW, circle=Circle.PUBLIC)
    assert caught.value.reasons == [
        "Appréciez encore : « Trois cantines », « Deux producteurs », « Le schéma ».",
        "Datez encore la mesure de : « Trois cantines ».",
        "Écrivez encore : ce qui a bien marché, ce qui n’a pas marché, ce que nous ferions autrement.",
        "L’enquête est encore ouverte : attendez sa clôture, ou fermez-la.",
    ]
    assert Evaluation.objects.get().stage == EvaluationStage.DRAFT
    assert Chantier.objects.get().stage == Stage.COMPLETED


def test_publication_freezes_a_version_with_its_seal_and_evaluates_the_chantier():
    evaluation = drafted()
    version = acts.publish_evaluation(evaluation, by=make.make_coordinator(), now=NOW, circle=Circle.PUBLIC)
    assert Chantier.objects.get().stage == Stage.EVALUATED
    content = EvaluationVersion.objects.get().content
    assert [line["rating"] for line in content["objectives"]] == ["partly", "reached"]
    assert content["objectives"][0]["measured_on"] == "2017-11-03"
    assert content["deliverables"][0] | {"why": ""} == {
        "title": "Le schéma", "due_on": "2017-10-20", "published_on": "2017-10-27", "days": 7, "given_up": "", "rating": "reached",
        "why": "",
    }  # fmt: skip
    assert content["survey"] is None
    assert len(version.sha256) == 64
    # What changes later in the rows does not change what was published.
    Objective.objects.update(rating="not")
    assert [line["rating"] for line in EvaluationVersion.objects.get().content["objectives"]] == ["partly", "reached"]


def test_what_is_frozen_is_in_the_language_of_the_site_whoever_publishes():
    evaluation = drafted()
    evaluation.chantier.roadmaps.update(stage=RoadmapStage.SUPERSEDED)
    make.make_deliverable(make.make_roadmap(evaluation.chantier, stage=RoadmapStage.ADOPTED, version=2), title="Un autre")
    with override("en"):
        content = content_of(evaluation, TODAY)
    assert content == content_of(evaluation, TODAY)
    assert content["deliverables"][0]["given_up"] == "Retiré de la feuille de route en cours de travail."


def test_the_date_of_a_deliverable_is_that_of_the_version_in_force_against_the_first_promise():
    chantier = make_completed()
    promised = PlannedDeliverable.objects.get()
    PlannedDeliverable.objects.update(published_on=None)
    chantier.roadmaps.update(stage=RoadmapStage.SUPERSEDED)
    second = make.make_roadmap(chantier, version=2, stage=RoadmapStage.ADOPTED)
    make.make_deliverable(second, key=promised.key, due_on=date(2017, 12, 1), published_on=date(2017, 11, 1))
    baseline = baseline_of(chantier)
    assert baseline is not None
    line = baseline.deliverables[0]
    assert (line.item.due_on, line.published_on, line.days) == (date(2017, 10, 20), date(2017, 11, 1), 12)
    assert line.delay == "12 jours après la date prévue"


def test_a_correction_keeps_the_last_version_on_line_and_says_what_changes():
    evaluation = drafted()
    by = make.make_coordinator()
    acts.publish_evaluation(evaluation, by=by, now=NOW, circle=Circle.PUBLIC)
    acts.correct_evaluation(evaluation, by=by, now=NOW)
    assert Chantier.objects.get().stage == Stage.COMPLETED
    assert Evaluation.objects.published_to(None).exists()
    acts.save_draft(
        evaluation, by=by, now=NOW, changes={"worked": ("Les commandes groupées.", "Les commandes, à neuf communes.")}
    )
    with pytest.raises(Refused, match="Dites ce qui change"):
        acts.publish_evaluation(evaluation, by=by, now=NOW, circle=Circle.PUBLIC)
    acts.publish_evaluation(evaluation, by=by, now=NOW, circle=Circle.PUBLIC, change_note="Le nombre de communes.")
    assert list(EvaluationVersion.objects.values_list("number", "change_note")) == [(2, "Le nombre de communes."), (1, "")]
    with pytest.raises(Refused):
        acts.save_draft(evaluation, by=by, now=NOW, changes={"worked": ("x", "y")})
    Chantier.objects.update(stage=Stage.ARCHIVED)
    evaluation.chantier.refresh_from_db()
    with pytest.raises(Refused, match="archivé"):
        acts.correct_evaluation(evaluation, by=by, now=NOW)


def test_the_circle_is_never_wider_than_the_chantier_s():
    evaluation = drafted(circle=Circle.PARTNERS)
    by = make.make_coordinator()
    with pytest.raises(Refused, match="là où se lit le chantier"):
        acts.publish_evaluation(evaluation, by=by, now=NOW, circle=Circle.PUBLIC)
    acts.publish_evaluation(evaluation, by=by, now=NOW, circle=Circle.PARTNERS)
    assert not Evaluation.objects.published_to(None).exists()
    assert Evaluation.objects.published_to(make.make_person()).count() == 1
    with pytest.raises(Refused, match="déjà le cas"):
        acts.change_circle(evaluation, by=by, now=NOW, circle=Circle.PARTNERS)
    Chantier.objects.update(circle=Circle.PUBLIC)
    evaluation.chantier.refresh_from_db()
    acts.change_circle(evaluation, by=by, now=NOW, circle=Circle.PUBLIC)
    assert Evaluation.objects.published_to(None).count() == 1


def test_publication_is_told_once_to_the_group_the_followers_and_every_partner_in_their_digest():
    evaluation = drafted()
    member, outside = make.make_member(evaluation.chantier).person, make.make_person()
    acts.publish_evaluation(evaluation, by=make.make_coordinator(), now=NOW, circle=Circle.PUBLIC)
    letters = Letter.objects.filter(kind="evaluation.published")
    assert letters.filter(person=member).count() == letters.filter(person=outside).count() == 1
    assert set(letters.values_list("mode", flat=True)) == {"digest"}


def test_the_lead_is_reminded_of_what_is_missing_once_a_day():
    chantier = make_completed()
    lead, by = make.make_member(chantier, role="lead").person, make.make_coordinator()
    acts.remind_lead(chantier, by=by, now=NOW)
    letter = Letter.objects.get()
    assert letter.person == lead
    assert "Trois cantines" in letter.text
    with pytest.raises(Refused, match="aujourd’hui"):
        acts.remind_lead(chantier, by=by, now=NOW + timedelta(hours=1))
    acts.remind_lead(chantier, by=by, now=NOW + timedelta(days=1))


# Pages -------------------------------------------------------------------------------------------------------------


def posted(chantier: Chantier, **changed: str) -> dict[str, str]:
    baseline = baseline_of(chantier)
    assert baseline is not None
    stored = values_of(baseline, Evaluation.objects.filter(chantier=chantier).first())
    return {f"initial-{key}": text for key, text in stored.items()} | stored | changed


def test_one_screen_rates_everything_and_keeps_what_was_typed(client_for: Any):
    chantier = make_completed()
    client = client_for(make.make_member(chantier, role="lead").person)
    url = reverse("evaluation:write", args=[chantier.slug])
    page = client.get(url).content.decode()
    assert page.count("À apprécier") >= 3
    assert "7 jours après la date prévue" in page.replace("\u00a0", " ")
    first = Objective.objects.order_by("order").first()
    assert first is not None
    wrong = client.post(url, posted(chantier, worked="Un texte.", **{f"objective-{first.pk}-on": "2101-01-01"}))
    assert wrong.status_code == 422
    assert "Un texte." in wrong.content.decode()
    assert not Evaluation.objects.exists()
    assert client.post(url, posted(chantier, worked="Un texte.", **{f"objective-{first.pk}-rating": "not"})).status_code == 302
    assert Evaluation.objects.get().worked == "Un texte."
    assert Objective.objects.get(pk=first.pk).rating == "not"


def test_the_page_saves_as_one_goes_and_its_fields_then_start_from_what_was_saved(client_for: Any):
    chantier = make_completed()
    client = client_for(make.make_member(chantier, role="lead").person)
    url = reverse("evaluation:write", args=[chantier.slug])
    first = Objective.objects.order_by("order").first()
    assert first is not None
    saved = client.post(url, posted(chantier, worked="Un début."), headers={"HX-Request": "true"}).content.decode()
    assert "Brouillon enregistré" in saved
    assert 'id="initial-id_worked" value="Un début." hx-swap-oob="true"' in saved
    # One wrong field does not keep the others from being saved.
    wrong = posted(chantier, fell_short="Le transport.", **{f"objective-{first.pk}-on": "hier"})
    said = client.post(url, wrong, headers={"HX-Request": "true"}).content.decode()
    assert "Non enregistré" in said
    assert Evaluation.objects.get().fell_short == "Le transport."


def test_what_somebody_else_wrote_is_shown_under_the_field(client_for: Any):
    evaluation = drafted()
    chantier = evaluation.chantier
    client = client_for(make.make_coordinator())
    url = reverse("evaluation:write", args=[chantier.slug])
    mine = posted(chantier, worked="Mon texte.")
    acts.save_draft(evaluation, by=make.make_coordinator(), now=NOW, changes={"worked": ("Les commandes groupées.", "Le leur.")})
    refused = client.post(url, mine)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Le leur." in page
    assert "Mon texte." in page
    assert 'name="initial-worked" value="Le leur."' in page
    again = mine | {"initial-worked": "Le leur.", "worked": "Les deux."}
    assert client.post(url, again).status_code == 302
    assert Evaluation.objects.get().worked == "Les deux."


def test_members_read_the_draft_and_nobody_else_does(client_for: Any):
    evaluation = drafted()
    slug = evaluation.chantier.slug
    url = reverse("evaluation:write", args=[slug])
    member = client_for(make.make_member(evaluation.chantier).person)
    assert "Le transport." in member.get(url).content.decode()
    assert member.post(url, {"worked": "x"}).status_code == 403
    assert client_for(make.make_person()).get(url).status_code == 403
    public = client_for().get(reverse("evaluation:chantier", args=[slug]))
    assert "n’est pas encore évalué" in public.content.decode()
    assert "Le transport." not in public.content.decode()


def test_the_coordination_previews_publishes_and_everybody_reads(client_for: Any):
    evaluation = drafted()
    slug = evaluation.chantier.slug
    client = client_for(make.make_coordinator())
    preview = client.get(reverse("evaluation:publish", args=[slug])).content.decode()
    assert "Associer les transporteurs plus tôt." in preview
    assert client.post(reverse("evaluation:publish", args=[slug]), {"circle": ""}).status_code == 422
    assert client.post(reverse("evaluation:publish", args=[slug]), {"circle": "public"}).status_code == 302
    page = client_for().get(reverse("evaluation:chantier", args=[slug])).content.decode()
    assert "mesuré : 2 cantines" in page.replace("\u00a0", " ")
    assert client_for().get(reverse("evaluation:chantier", args=[slug]), {"version": "7"}).status_code == 404
    assert client_for().get(reverse("evaluation:chantier", args=[slug]), {"version": "1"}).status_code == 200
    assert client.post(reverse("evaluation:correct", args=[slug])).status_code == 302
    assert Evaluation.objects.get().stage == EvaluationStage.CORRECTING
    again = client.post(reverse("evaluation:publish", args=[slug]), {"circle": "public", "change_note": ""})
    assert again.status_code == 422
    assert "Dites ce qui change et pourquoi." in again.content.decode()
    client.post(reverse("evaluation:publish", args=[slug]), {"circle": "public", "change_note": "Une date."})
    assert EvaluationVersion.objects.count() == 2
    assert client.post(reverse("evaluation:circle", args=[slug]), {"circle": "partners"}).status_code == 302
    assert "n’est pas encore évalué" in client_for().get(reverse("evaluation:chantier", args=[slug])).content.decode()


def test_the_pdf_is_tagged_and_the_same_version_gives_the_same_bytes(client_for: Any):
    evaluation = drafted()
    acts.publish_evaluation(evaluation, by=make.make_coordinator(), now=NOW, circle=Circle.PUBLIC)
    url = reverse("evaluation:chantier_pdf", args=[evaluation.chantier.slug])
    one, two = client_for().get(url), client_for().get(url)
    assert one.content == two.content
    assert one.content.startswith(b"%PDF-")
    assert b"/MarkInfo" in one.content or b"/StructTreeRoot" in one.content
    assert client_for().get(url, headers={"If-None-Match": one["ETag"]}).status_code == 304


def test_a_version_that_was_tampered_with_shows_no_seal_and_the_log_says_so(client_for: Any, caplog: Any):
    evaluation = drafted()
    version = acts.publish_evaluation(evaluation, by=make.make_coordinator(), now=NOW, circle=Circle.PUBLIC)
    url = reverse("evaluation:chantier", args=[evaluation.chantier.slug])
    assert version.sha256 in client_for().get(url).content.decode()
    EvaluationVersion.objects.update(content=version.content | {"worked": "Faux."})
    page = client_for().get(url).content.decode()
    assert "Le contenu de cette page ne correspond plus à son empreinte." in page
    assert version.sha256 not in page
    told = [record.message for record in caplog.records if record.name == "dialogue.formats.json"]
    assert told == [f"the content of {version} (EvaluationVersion) is not what its seal says"]


def test_before_the_end_the_page_says_what_will_be_measured(client_for: Any):
    chantier = make_completed(stage=Stage.WORKING)
    lead = client_for(make.make_member(chantier, role="lead").person)
    page = lead.get(reverse("evaluation:write", args=[chantier.slug])).content.decode()
    assert "Voici ce qui sera mesuré" in page
    assert lead.post(reverse("evaluation:write", args=[chantier.slug]), {"worked": "x"}).status_code == 403
    bare = make.make_chantier()
    other = client_for(make.make_member(bare).person).get(reverse("evaluation:write", args=[bare.slug]))
    assert "pas encore de promesse à mesurer" in other.content.decode()
