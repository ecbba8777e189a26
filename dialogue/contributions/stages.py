"""The life of a contribution, of an import, of an analysis; and the words that go with them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Nature(TextChoices):
    INITIATIVE = "initiative", _("Initiative en cours")
    NEED = "need", _("Besoin")
    IDEA = "idea", _("Idée")


class Audience(TextChoices):
    """Whom it concerns."""

    FAMILIES = "families", _("Enfants et familles")
    ELDERS = "elders", _("Personnes âgées")
    YOUTH = "youth", _("Jeunes")
    BODIES = "bodies", _("Communes et associations")


class Stage(TextChoices):
    """product.md, "Contributions". `merged` and `withdrawn` keep their authors; none ends without an answer."""

    DRAFT = "draft", _("Brouillon")
    RECEIVED = "received", _("Reçue")
    ADMISSIBLE = "admissible", _("Recevable")
    TO_COMPLETE = "to_complete", _("À compléter")
    INADMISSIBLE = "inadmissible", _("Non recevable")
    QUALIFIED = "qualified", _("Classée")
    LINKED = "linked", _("Reprise")
    REFERRED = "referred", _("Orientée")
    CLOSED = "closed", _("Sans suite")
    ANSWERED = "answered", _("Réponse envoyée")
    WITHDRAWN = "withdrawn", _("Retirée")
    MERGED = "merged", _("Regroupée")


#: A person has still to say whether it can be taken, on what and where.
TO_SORT = [Stage.RECEIVED, Stage.ADMISSIBLE]
#: Counted, listed, analysed: what was really said.
STANDING = [Stage.RECEIVED, Stage.ADMISSIBLE, Stage.QUALIFIED, Stage.LINKED, Stage.REFERRED, Stage.CLOSED, Stage.ANSWERED]
#: The answer is written, it has not left.
TO_ANSWER = [Stage.LINKED, Stage.REFERRED, Stage.CLOSED]
#: Its author may still correct or withdraw it by the tracking page.
AUTHORS = [Stage.DRAFT, Stage.RECEIVED, Stage.TO_COMPLETE]


class Outcome(TextChoices):
    """What became of it."""

    LINKED = "linked", _("reprise dans un chantier")
    PACT = "pact", _("reprise dans le pacte du territoire")
    REFERRED = "referred", _("orientée vers une aide ou un service")
    CLOSED = "closed", _("sans suite, avec une réponse")


#: A chantier, or an action of a pact, took it up: the room above keeps which.
TAKEN_UP = [Outcome.LINKED, Outcome.PACT]


class Via(TextChoices):
    PAGE = "page", _("formulaire")
    AGENT = "agent", _("saisie par un agent")
    MAIL = "mail", _("courriel")
    IMPORT = "import", _("import d’un fichier")


class Naming(TextChoices):
    """Under what name it is shown, once its author agreed to its publication."""

    ORGANISATION = "organisation", _("le nom de l’organisme")
    NAME = "name", _("mon nom")
    ANONYMOUS = "anonymous", _("sans nom")


class ThemeSource(TextChoices):
    """Who said the theme. A machine's suggestion is never a source: it stays apart until a person confirms it."""

    NONE = "", _("personne")
    AUTHOR = "author", _("l’auteur")
    FILE = "file", _("le fichier importé")
    AGENT = "agent", _("l’équipe")


class ImportStage(TextChoices):
    UPLOADED = "uploaded", _("Fichier reçu")
    CHECKED = "checked", _("Vérifié à blanc")
    RUNNING = "running", _("Import en cours")
    DONE = "done", _("Importé")
    FAILED = "failed", _("Interrompu, rien n’est importé")
    UNDONE = "undone", _("Annulé")


class RunStage(TextChoices):
    WAITING = "waiting", _("En attente")
    RUNNING = "running", _("En cours")
    DONE = "done", _("Terminée")
    FAILED = "failed", _("Interrompue")


class Likeness(TextChoices):
    COPY = "copy", _("presque le même texte")
    SIMILAR = "similar", _("texte proche")


class Verdict(TextChoices):
    """What a person says of two contributions shown side by side."""

    WAITING = "waiting", _("à comparer")
    SAME = "same", _("même demande")
    NEAR = "near", _("demande voisine")
    OPPOSITE = "opposite", _("demande opposée")


class ClusterStage(TextChoices):
    LIVE = "live", _("en usage")
    MERGED = "merged", _("réuni à un autre")
    SPLIT = "split", _("partagé")


class AnswerKind(TextChoices):
    """What a template of answer serves for."""

    TO_COMPLETE = "to_complete", _("demander un complément")
    INADMISSIBLE = "inadmissible", _("dire qu’elle n’est pas recevable")
    LINKED = "linked", _("annoncer sa reprise dans un chantier")
    REFERRED = "referred", _("orienter vers une aide ou un service")
    CLOSED = "closed", _("répondre sans suite")
