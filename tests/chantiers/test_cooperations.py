"""The register of the cooperations born of a chantier."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from dialogue.chantiers.acts import cooperations as acts
from dialogue.chantiers.models import Cooperation
from dialogue.chantiers.stages import Role
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.people.stages import Circle
from tests.factories import NOW, TODAY, make_chantier, make_coordinator, make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


def record(chantier, by, **fields) -> Cooperation:
    given = {"title": "Une cuisine partagée", "organisations": [make_organisation(), make_organisation()], "since": TODAY}
    return acts.record_cooperation(chantier, by=by, now=NOW, **given | fields)


def test_a_member_records_what_the_group_gave_birth_to():
    chantier = make_chantier()
    cooperation = record(chantier, make_member(chantier).person, description=" Deux communes. ")
    assert (cooperation.circle, cooperation.description, cooperation.organisations.count()) == ("partners", "Deux communes.", 2)
    assert Entry.objects.get(act="chantiers.record_cooperation").facts == {"since": "2017-11-06"}


def test_showing_it_to_everybody_is_for_those_in_charge():
    chantier = make_chantier()
    member, lead = make_member(chantier).person, make_member(chantier, role=Role.LEAD).person
    with pytest.raises(NotAllowed):
        record(chantier, member, circle=Circle.PUBLIC)
    cooperation = record(chantier, lead, circle=Circle.PUBLIC)
    assert list(Cooperation.objects.visible_to(AnonymousUser())) == [cooperation]
    with pytest.raises(NotAllowed):
        acts.change_cooperation(
            cooperation, by=member, now=NOW, title="x", organisations=cooperation.organisations.all(), since=TODAY, circle="group"
        )


@pytest.mark.parametrize("who", ["observer", "outsider"])
def test_observers_and_outsiders_record_nothing(who):
    chantier = make_chantier()
    person = make_member(chantier, role=Role.OBSERVER).person if who == "observer" else make_person()
    with pytest.raises(NotAllowed):
        record(chantier, person)


def test_it_takes_two_and_it_exists_already():
    chantier, coordinator = make_chantier(), make_coordinator()
    with pytest.raises(Refused, match="au moins deux organismes"):
        record(chantier, coordinator, organisations=[make_organisation()])
    with pytest.raises(Refused, match="aujourd’hui ou d’avant"):
        record(chantier, coordinator, since=TODAY + timedelta(days=1))


def test_only_what_the_group_alone_read_can_be_erased():
    chantier, coordinator = make_chantier(), make_coordinator()
    shown, hidden = record(chantier, coordinator), record(chantier, coordinator, circle=Circle.GROUP)
    with pytest.raises(Refused):
        acts.remove_cooperation(shown, by=coordinator, now=NOW, chantier=chantier)
    acts.remove_cooperation(hidden, by=coordinator, now=NOW, chantier=chantier)
    assert list(Cooperation.objects.all()) == [shown]


def test_the_pages_of_the_register(client_for):
    chantier = make_chantier()
    one, two = make_member(chantier), make_member(chantier, role=Role.LEAD)
    url = f"/chantiers/{chantier.slug}/espace/cooperations/"
    client = client_for(one.person)
    assert "Aucune coopération n’est encore notée." in client.get(url).content.decode()
    data = {
        "title": "Une cuisine <i>partagée</i>",
        "organisations": [one.member.organisation_id, two.member.organisation_id],
        "since": "2017-11-06",
        "circle": "partners",
    }
    bad = client.post(f"{url}nouvelle/", data | {"since": "hier", "organisations": [one.member.organisation_id]})
    page = bad.content.decode()
    assert bad.status_code == 422
    assert "Indiquez une date, par exemple 14/11/2017." in page
    assert "Une cuisine &lt;i&gt;partagée&lt;/i&gt;" in page
    assert client.post(f"{url}nouvelle/", data | {"circle": "public"}).status_code == 422
    assert client.post(f"{url}nouvelle/", data | {"organisations": [make_organisation().pk]}).status_code == 422
    assert Cooperation.objects.count() == 0
    assert client.post(f"{url}nouvelle/", data).status_code == 302
    cooperation = Cooperation.objects.get()
    assert cooperation.since == date(2017, 11, 6)
    assert client.get(f"{url}{cooperation.pk}/").status_code == 403
    lead = client_for(two.person)
    assert lead.get(f"{url}{cooperation.pk}/").status_code == 200
    assert lead.post(f"{url}{cooperation.pk}/", data | {"circle": "public"}).status_code == 302
    assert Cooperation.objects.get().circle == "public"
    assert client_for(make_person()).get(url).status_code == 403
