"""manage.py import_contributions FILE --campaign SLUG: imports a file of contributions (docs/imports.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from dialogue.contributions.acts import imports, imports_run
from dialogue.contributions.importing import checking, tables
from dialogue.contributions.importing.fields import CODES, WORDS
from dialogue.contributions.importing.problems import FATAL, sentence, unreadable
from dialogue.contributions.models import Campaign, ImportBatch
from dialogue.contributions.stages import ImportStage, Naming, Nature
from dialogue.formats.dates import parse_date
from dialogue.formats.tables import Unreadable
from dialogue.language.text import normalise
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.ledger.clock import now

SHOWN = 50
DELIMITERS = {"tab": "\t", "\\t": "\t"}


class Command(BaseCommand):
    help = "Importe un fichier de contributions : CSV, XLSX, ODS ou export de Decidim (docs/imports.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="le fichier")
        parser.add_argument("--campaign", required=True, help="l’adresse courte de la campagne")
        parser.add_argument("--dry-run", action="store_true", help="vérifie sans rien écrire")
        parser.add_argument("--map", nargs="+", action="extend", default=[], metavar="CHAMP=COLONNE", help=f"champs : {', '.join(CODES)}")
        parser.add_argument("--sheet", help="la feuille du classeur")
        parser.add_argument("--encoding", help="par exemple cp1252")
        parser.add_argument("--delimiter", help="par exemple ; ou tab")
        for kind in ("theme", "territory", "commune"):
            parser.add_argument(
                f"--{kind}", nargs="+", action="extend", default=[], metavar="MOT=CODE", help="un mot du fichier ; vide : ignorer"
            )
        parser.add_argument("--nature", choices=Nature.values, default="", help="celle des lignes qui n’en disent pas")
        parser.add_argument("--date", help="celle des lignes qui n’en disent pas")
        parser.add_argument("--may-publish", action="store_true", help="les auteurs ont accepté la publication de leurs textes")
        parser.add_argument("--naming", choices=Naming.values, default=Naming.ANONYMOUS.value, help="sous quel nom")
        parser.add_argument("--circle", choices=["public", "partners", "group"], help="au plus celui de la campagne")
        parser.add_argument("--skip-refused", action="store_true", help="importe les autres lignes quand certaines sont refusées")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            known = ", ".join(Campaign.objects.values_list("slug", flat=True)) or "aucune"
            raise CommandError(f"Campagne inconnue : {options['campaign']}. Il y a : {known}.")
        path = Path(options["file"])
        try:
            with path.open("rb") as file:
                self._import(campaign, file, path.name, options)
        except OSError as problem:
            raise CommandError(f"{path} : {problem.strerror}") from problem
        except Unreadable as problem:
            raise CommandError(f"Rien n’est importé. {unreadable(problem)}") from problem
        except Refused as refusal:
            raise CommandError(f"Rien n’est importé. {refusal}") from refusal

    def _import(self, campaign: Campaign, file: IO[bytes], name: str, options: dict[str, Any]) -> None:
        batch = ImportBatch(campaign=campaign, filename=name, at=now())
        tables.understand(batch, file)
        source = {"sheet": options["sheet"], "encoding": options["encoding"]}
        source["delimiter"] = DELIMITERS.get(options["delimiter"], options["delimiter"])
        source = {key: value for key, value in source.items() if value}
        tables.understand(batch, file, source=source or None, choices=_choices(options))
        batch.mapping = batch.mapping | _mapping(batch.header, options["map"])
        self._tell_columns(batch)
        tables.understand(batch, file, mapping=batch.mapping)
        if not {"title", "text"} & set(batch.mapping):
            raise CommandError("Rien n’est importé. Dites quelle colonne contient le texte : --map texte=…")
        report = checking.check(batch, file, now=now(), tick=self._ticker("Vérification"))
        self._tell(report)
        if options["dry_run"]:
            if report.refused:
                raise CommandError(f"{report.refused} lignes refusées. Rien n’est écrit.")
            self.stdout.write("Rien n’est écrit : c’était une vérification.")
            return
        if report.refused and not options["skip_refused"]:
            raise CommandError("Rien n’est importé. Corrigez ces lignes, ou ajoutez --skip-refused pour prendre les autres.")
        if not report.taken:
            self.stdout.write("Rien de nouveau à importer.")
            return
        self._write(campaign, file, name, batch, report)

    def _write(self, campaign: Campaign, file: IO[bytes], name: str, wanted: ImportBatch, report: checking.Report) -> None:
        batch = imports.upload_batch(campaign, by=SYSTEM, now=now(), file=file, filename=name)
        imports.map_batch(batch, by=SYSTEM, now=now(), source=wanted.source, mapping=wanted.mapping, choices=wanted.choices)
        lease = imports_run.take(batch.pk, imports_run.ask_check(batch), stage=ImportStage.UPLOADED)
        imports.check_batch(batch, by=SYSTEM, now=now(), report=report, lease=lease)
        batch = ImportBatch.objects.select_related("campaign").get(pk=batch.pk)
        beat = imports_run.fresh_beat()
        may_publish = bool(wanted.choices.get("may_publish"))
        imports.start_import(batch, by=SYSTEM, now=now(), beat=beat, may_publish=may_publish)
        imports_run.run(batch.pk, beat, tick=self._ticker("Import"))
        batch.refresh_from_db()
        if batch.stage != ImportStage.DONE:
            raise CommandError(f"Rien n’est importé. {batch.error}")
        self.stdout.write(f"{batch.created} contributions entrées dans la campagne « {campaign.title} » (import n° {batch.pk}).")

    # What is said ----------------------------------------------------------------
    def _ticker(self, what: str) -> Any:
        def tick(done: int) -> None:
            if done % 10_000 == 0:
                self.stderr.write(f"{what} : {done} lignes…")

        return tick

    def _tell_columns(self, batch: ImportBatch) -> None:
        source = batch.source
        said = [source["kind"].upper(), source["encoding"], repr(source["delimiter"]) if source["delimiter"] else "", source["sheet"]]
        self.stdout.write("Fichier : " + ", ".join(part for part in said if part))
        for code, place in batch.mapping.items():
            self.stdout.write(f"  {code} ← {batch.header[place] or tables.letter(place)}")

    def _tell(self, report: checking.Report) -> None:
        self.stdout.write(f"{report.rows} lignes : {report.taken} à prendre, {report.known} déjà là, {report.refused} refusées.")
        for code, count in report.codes.most_common():
            self.stdout.write(f"  {count} × {code}{' (refusée)' if code in FATAL else ''} : {sentence(code)}")
        for line, column, code, value, is_fatal in sorted(report.problems, key=lambda one: (not one[4], one[0]))[:SHOWN]:
            where = f"ligne {line}" + (f", colonne {column}" if column else "")
            self.stdout.write(f"  {'✗' if is_fatal else '·'} {where} : {value or '(vide)'} — {sentence(code)}")
        if len(report.problems) > SHOWN:
            self.stdout.write(f"  … et {len(report.problems) - SHOWN} autres.")


def _mapping(header: list[str], said: list[str]) -> dict[str, int]:
    """`titre=Intitulé` → {"title": 0}; a column by its heading or its letter. Raises CommandError."""
    names = {normalise(name): place for place, name in reversed(list(enumerate(header))) if name}
    letters = {tables.letter(place): place for place in range(len(header))}
    found = {}
    for one in said:
        word, equal, name = one.partition("=")
        code = WORDS.get(word.strip().lower(), word.strip())
        place = names.get(normalise(name), letters.get(name.strip().upper()))
        if code not in CODES or not equal:
            raise CommandError(f"Champ inconnu : {one}. Écrivez champ=colonne, avec l’un de : {', '.join(CODES)}.")
        if place is None:
            raise CommandError(f"Colonne inconnue : {name}. Il y a : {', '.join(name or '(sans nom)' for name in header)}.")
        found[code] = place
    return found


def _choices(options: dict[str, Any]) -> dict[str, Any]:
    """Raises CommandError."""
    choices = {key: options[key] for key in ("nature", "naming", "may_publish")}
    if options["circle"]:
        choices["circle"] = options["circle"]
    if options["date"]:
        day = parse_date(options["date"])
        if day is None:
            raise CommandError(f"Date illisible : {options['date']}. Écrivez-la 14/11/2016.")
        choices["written_on"] = f"{day:%Y-%m-%d}"
    for option, name in (("theme", "themes"), ("territory", "territories"), ("commune", "communes")):
        choices[name] = {word: code for word, _equal, code in (one.rpartition("=") for one in options[option])}
    return choices
