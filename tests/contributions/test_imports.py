"""An import is whole or nothing: drafts nobody sees, one flip; never twice, undone while nobody used it."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from dialogue.contributions import tasks_imports
from dialogue.contributions.acts import imports, imports_run
from dialogue.contributions.acts.rows import next_number
from dialogue.contributions.models import Contribution, ContributionWords, ImportBatch, Pair, Support
from dialogue.formats import xlsx
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.ledger.models import Entry
from tests.contributions.imports_made import MAPPING, check, csv_of, frame, line, named, numbered, start, upload, whole
from tests.factories import NOW, make_campaign, make_contribution, make_coordinator, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return frame()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Ce fichier est vide : vérifiez que c’est le bon, puis enregistrez-le de nouveau."),
        (b"%PDF-1.7 blah", "C’est un PDF : demandez le tableau d’origine (CSV, XLSX ou ODS)."),
        (
            b"<!doctype html><html><table><tr><td>a</td></tr></table></html>",
            "C’est une page web : ouvrez-la dans un tableur, puis enregistrez-la en .xlsx, .ods ou .csv.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\x00".encode("utf-16-le") * 40,
            "Ancien format Excel (.xls) : ouvrez-le, puis enregistrez-le en .xlsx, .ods ou .csv.",
        ),
        (b"PK\x03\x04 not a zip", "Ce fichier est abîmé : ouvrez-le dans un tableur, puis enregistrez-le de nouveau."),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(campaign, data, sentence):
    with pytest.raises(Refused) as refusal:
        upload(campaign, data, name="tableau.xlsx")
    assert refusal.value.reasons == [sentence]
    assert not ImportBatch.objects.exists()


def test_a_zip_bomb_named_xlsx_is_refused(campaign):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(Refused) as refusal:
        upload(campaign, bomb.getvalue(), name="tableau.xlsx")
    assert refusal.value.reasons == ["Ce fichier est anormal : une fois ouvert, il deviendrait énorme. Enregistrez-le en CSV."]


def test_a_file_that_weighs_too_much_is_refused(campaign, settings):
    settings.IMPORT_MAX_BYTES = 1_000_000
    with pytest.raises(Refused) as refusal:
        upload(campaign, b"titre;texte\n" + b"a;b\n" * 300_000)
    assert refusal.value.reasons == ["Ce fichier dépasse 1 Mo : partagez-le en plusieurs, ou enregistrez-le en CSV."]


def test_only_the_coordination_imports(campaign):
    with pytest.raises(PermissionDenied):
        upload(campaign, csv_of(line(1)), by=make_person())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_separators_are_recognised(campaign, encoding, delimiter):
    data = csv_of(*numbered(3), encoding=encoding, delimiter=delimiter)
    batch = whole(campaign, data)
    assert (batch.created, batch.source["delimiter"]) == (3, delimiter)
    assert Contribution.objects.first().title.startswith("Des légumes à la cantine")


def test_a_workbook_is_read_with_its_dates_and_its_formulas_are_not_computed(campaign):
    from datetime import date

    book = io.BytesIO()
    xlsx.write(book, ["titre", "texte", "date"], [["Un", "=1+1", date(2016, 11, 14)], ["Deux", "Texte", date(2016, 11, 15)]])
    batch = whole(campaign, book.getvalue())
    assert (batch.source["kind"], batch.created) == ("xlsx", 2)
    rows = list(Contribution.objects.order_by("number"))
    assert (rows[0].text, rows[0].written_at.date().isoformat()) == ("=1+1", "2016-11-14")


def test_an_export_of_decidim_is_read_as_decidim_means_it(campaign):
    header = [
        "id", "category/id", "category/name/fr", "scope/name/fr", "participatory_space/id", "participatory_space/url",
        "component/id", "title/fr", "body/fr", "state", "reference", "published_at", "author/name", "endorsements/total_count",
    ]  # fmt: skip
    lines = [
        ["7", "1", "Mobilité", "Médoc", "1", "u", "2", "Une navette", "<p>Entre <b>deux</b> gares</p>", "accepted", "R-7",
         "2016-11-14 18:05:00 UTC", "Ana", "3"],
        ["8", "1", "Mobilité", "Médoc", "1", "u", "2", "Un vélo", "<p>Oui</p>", "withdrawn", "R-8", "2016-11-15", "Bo", "0"],
    ]  # fmt: skip
    batch = whole(campaign, csv_of(*lines, header=header))
    assert named(batch) == [(2, "body/fr", "html", ""), (3, "", "withdrawn", ""), (3, "body/fr", "html", "")]
    row = Contribution.objects.get()
    assert (row.external_id, row.title, row.text, row.author_name) == ("7", "Une navette", "Entre deux gares", "Ana")
    assert (row.theme.code, row.territory.code, row.written_at.isoformat()) == ("mobilite", "medoc", "2016-11-14T18:05:00+00:00")


def test_the_same_file_twice_adds_nothing(campaign):
    data = csv_of(*numbered(5))
    whole(campaign, data)
    batch = check(upload(campaign, data))
    assert (batch.created, batch.known, batch.refused) == (0, 5, 0)
    with pytest.raises(Refused):
        start(batch)
    assert Contribution.objects.count() == 5


def test_lines_without_identifier_are_known_again_too(campaign):
    header = ("titre", "texte", "nom")
    data = csv_of(("Un", "Texte", "Ana"), ("Un", "Texte", "Bo"), ("Un", "Texte", "Ana"), header=header)
    batch = whole(campaign, data)
    assert (batch.created, named(batch)) == (2, [(4, "", "duplicate_line", "")])
    again = check(upload(campaign, data))
    assert (again.created, again.known, again.refused) == (0, 2, 1)


def test_another_campaign_may_have_the_same_identifiers(campaign):
    data = csv_of(*numbered(2))
    whole(campaign, data)
    assert whole(make_campaign(), data).created == 2


def test_the_dry_run_writes_no_contribution(campaign):
    batch = check(upload(campaign, csv_of(*numbered(3), line(4, date="jamais"))), mapping=MAPPING)
    assert (batch.stage, batch.created, batch.refused, Contribution.objects.count()) == ("checked", 3, 1, 0)


def test_nothing_is_published_without_the_consent_of_authors(campaign):
    campaign.moderate_first = False
    campaign.save()
    whole(campaign, csv_of(line(1)))
    whole(campaign, csv_of(line(2)), may_publish=True)
    whole(campaign, csv_of(line(3)), may_publish=True, circle="partners")
    rows = Contribution.objects.order_by("number")
    assert [(row.may_publish, row.circle, row.is_published, row.stage) for row in rows] == [
        (False, "group", True, "received"),
        (True, "public", True, "received"),
        (True, "partners", True, "received"),
    ]
    assert list(Contribution.objects.visible_to(None).values_list("external_id", flat=True)) == ["A-2"]


def test_what_must_be_read_first_is_not_published_by_an_import(campaign):
    whole(campaign, csv_of(line(1)), may_publish=True)
    row = Contribution.objects.get()
    assert (row.is_published, row.received_at.date() >= NOW.date(), row.due_on is not None) == (False, True, True)


def test_numbers_follow_those_that_are_there(campaign):
    make_contribution(number=5000)
    whole(campaign, csv_of(*numbered(3)))
    assert sorted(Contribution.objects.values_list("number", flat=True)) == [5000, 5001, 5002, 5003]


def test_the_register_tells_the_whole_way_and_holds_no_text(campaign):
    by = make_coordinator()
    batch = upload(campaign, csv_of(*numbered(2)), by=by)
    imports.map_batch(batch, by=by, now=NOW)
    tasks_imports.check(batch, by=by)
    batch.refresh_from_db()
    beat = imports_run.fresh_beat()
    imports.start_import(batch, by=by, now=NOW, beat=beat, may_publish=True)
    imports_run.run(batch.pk, beat)
    entries = Entry.objects.about(batch).order_by("pk")
    assert [(entry.act, entry.actor, entry.facts) for entry in entries] == [
        ("contributions.upload_batch", "person", {}),
        ("contributions.map_batch", "person", {}),
        ("contributions.check_batch", "person", {}),
        ("contributions.start_import", "person", {"may_publish": True}),
        ("contributions.finish_import", "system", {"created": 2, "known": 0, "refused": 0}),
    ]


def test_one_import_at_a_time_in_a_campaign(campaign):
    first = check(upload(campaign, csv_of(*numbered(2))))
    second = check(upload(campaign, csv_of(*numbered(2))))
    beat = start(first)
    with pytest.raises(Refused) as refusal:
        start(second)
    assert refusal.value.reasons == ["Un autre import est en cours dans cette campagne : attendez qu’il se termine."]
    imports_run.run(first.pk, beat)
    second.refresh_from_db()
    imports_run.run(second.pk, start(second))
    second.refresh_from_db()
    assert (second.stage, second.created, second.known, Contribution.objects.count()) == ("done", 0, 2, 2)


def test_drafts_are_seen_by_nobody(campaign, monkeypatch):
    seen = []
    by = make_coordinator()

    def look(*_args, **_facts):
        seen.append((Contribution.objects.count(), Contribution.objects.visible_to(by).count()))
        raise imports_run.Superseded

    batch = check(upload(campaign, csv_of(*numbered(3))))
    monkeypatch.setattr(imports, "finish_import", look)
    imports_run.run(batch.pk, start(batch))
    assert seen == [(3, 0)]


def test_a_process_that_was_thought_dead_writes_nothing_more(campaign, monkeypatch):
    batch = check(upload(campaign, csv_of(*numbered(3))))
    beat = start(batch)
    lease = imports_run.take(batch.pk, beat)
    ImportBatch.objects.filter(pk=batch.pk).update(beat_at=lease.beat - timedelta(minutes=5))
    (pk, fresh), = imports_run.silent()
    with pytest.raises(imports_run.Superseded):
        lease.renew(done_rows=3)
    imports_run.run(pk, fresh)
    imports_run.run(pk, fresh)
    assert Contribution.objects.filter(stage="received").count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_silent_import_is_taken_up_at_the_next_round_and_doubles_nothing(campaign, monkeypatch):
    monkeypatch.setattr(imports_run, "CHUNK", 2)
    batch = check(upload(campaign, csv_of(*numbered(5))))
    beat = start(batch)
    written = []

    def die(made, lease, done, real=imports_run._write_chunk):
        if written:
            raise KeyboardInterrupt
        written.append(done)
        real(made, lease, done)

    with monkeypatch.context() as patch:
        patch.setattr(imports_run, "_write_chunk", die)
        with pytest.raises(KeyboardInterrupt):
            imports_run.run(batch.pk, beat)
    assert Contribution.objects.filter(stage="draft").count() == 2
    tasks_imports.take_up_imports(NOW)
    assert Contribution.objects.filter(stage="received").count() == 0
    ImportBatch.objects.update(beat_at=imports_run.fresh_beat() - timedelta(minutes=2))
    tasks_imports.take_up_imports(NOW)
    from dialogue.mailer import jobs

    assert jobs.run_ready()
    batch.refresh_from_db()
    assert (batch.stage, batch.created, Contribution.objects.filter(stage="received").count()) == ("done", 5, 5)
    assert ContributionWords.objects.count() == 5


def test_an_import_that_kills_whoever_takes_it_is_given_up_and_leaves_nothing(campaign):
    batch = check(upload(campaign, csv_of(*numbered(2))))
    lease = imports_run.take(batch.pk, start(batch))
    imports_run._write(batch, lease, None)
    for _ in range(imports_run.LIVES):
        ImportBatch.objects.update(beat_at=imports_run.fresh_beat() - timedelta(minutes=2))
        imports_run.silent()
    batch.refresh_from_db()
    assert (batch.stage, Contribution.objects.count(), ContributionWords.objects.count()) == ("failed", 0, 0)
    assert batch.error == "Le serveur s’est arrêté 5 fois pendant ce travail : partagez le fichier en plusieurs."
    imports_run.run(batch.pk, start(batch))
    assert Contribution.objects.count() == 2


def test_a_file_that_is_gone_fails_the_import_and_says_so(campaign):
    batch = check(upload(campaign, csv_of(*numbered(2))))
    beat = start(batch)
    batch.file.storage.delete(batch.file.name)
    imports_run.run(batch.pk, beat)
    batch.refresh_from_db()
    assert (batch.stage, batch.error) == ("failed", "Le fichier ne se lit plus : déposez-le de nouveau.")
    assert Entry.objects.filter(act="contributions.fail_import").count() == 1


def test_columns_changed_during_a_check_make_its_result_void(campaign):
    batch = upload(campaign, csv_of(*numbered(2)))
    beat = imports_run.ask_check(batch)
    lease = imports_run.take(batch.pk, beat, stage="uploaded")
    imports.map_batch(batch, by=SYSTEM, now=NOW)
    from dialogue.contributions.importing.checking import Report

    with pytest.raises(imports_run.Superseded):
        imports.check_batch(batch, by=SYSTEM, now=NOW, report=Report(rows=2), lease=lease)
    batch.refresh_from_db()
    assert (batch.stage, batch.rows) == ("uploaded", None)


def test_authors_are_told_only_when_the_officer_wants_it_each_once(campaign, monkeypatch):
    told = []
    monkeypatch.setattr(imports_run, "acknowledgers", [lambda row, _now: told.append(row.external_id)])
    monkeypatch.setattr(imports_run, "TOLD_AT_ONCE", 2)
    whole(campaign, csv_of(line(1)))
    tasks_imports.tell_imported_authors(NOW)
    assert told == []
    whole(campaign, csv_of(line(2), line(3), line(4, courriel=""), line(5)), mapping=MAPPING, tell_authors=True)
    for _round in range(5):
        tasks_imports.tell_imported_authors(NOW)
    assert told == ["A-2", "A-3", "A-5"]


# Undoing ---------------------------------------------------------------------
def test_an_import_is_undone_whole_and_its_numbers_are_not_given_again(campaign):
    kept = make_contribution(number=10)
    batch = whole(campaign, csv_of(*numbered(3)))
    first, second, _third = Contribution.objects.filter(batch=batch).order_by("number")
    Pair.objects.create(first=first, second=second, score=0.9)
    imports.undo_import(batch, by=make_coordinator(), now=NOW)
    assert list(Contribution.objects.all()) == [kept]
    assert (batch.stage, ContributionWords.objects.count(), next_number()) == ("undone", 1, 14)
    assert whole(campaign, csv_of(*numbered(3))).created == 3
    assert min(Contribution.objects.exclude(pk=kept.pk).values_list("number", flat=True)) == 14


@pytest.mark.parametrize("use", ["qualified", "supported", "compared", "merged", "answered"])
def test_an_import_that_someone_used_is_not_undone_and_it_is_said_which_block(campaign, use):
    batch = whole(campaign, csv_of(*numbered(2)))
    row, _other = Contribution.objects.order_by("number")
    if use == "qualified":
        Contribution.objects.filter(pk=row.pk).update(stage="qualified")
    elif use == "supported":
        Support.objects.create(contribution=row, author_key="a", at=NOW)
    elif use == "compared":
        outside = make_contribution(campaign=campaign)
        Pair.objects.create(first=row, second=outside, score=0.9, verdict="near")
    elif use == "merged":
        make_contribution(campaign=campaign, stage="merged", merged_into=row, is_published=False)
    else:
        Contribution.objects.filter(pk=row.pk).update(stage="answered", answered_at=NOW, outcome="closed")
    with pytest.raises(Refused) as refusal:
        imports.undo_import(batch, by=make_coordinator(), now=NOW)
    used = "Une contribution de cet import a déjà servi (classée, soutenue, rapprochée d’une autre…)"
    assert refusal.value.reasons == [f"{used} : n° {row.number}. L’import ne s’annule plus."]
    assert Contribution.objects.filter(batch=batch).count() == 2


def test_the_file_is_erased_three_months_later_with_the_values_quoted_of_it(campaign):
    batch = whole(campaign, csv_of(line(1), line(2, courriel="pas une adresse")), mapping=MAPPING)
    tasks_imports.forget_import_files(batch.finished_at + timedelta(days=89))
    batch.refresh_from_db()
    assert batch.file
    tasks_imports.forget_import_files(batch.finished_at + timedelta(days=91))
    batch.refresh_from_db()
    assert not batch.file
    assert named(batch) == [(3, "courriel", "bad_email", "")]
    assert imports.forget_file.come_from == ["done", "undone"]
