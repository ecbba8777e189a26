"""What can be wrong in a line, and the sentence that says what to do. Codes are those of ImportProblem."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dialogue.formats.tables import Unreadable

#: The line is not taken: to be corrected, then imported again.
FATAL: dict[str, str | Promise] = {
    "empty": _("Ni titre ni texte : remplissez l’un des deux, ou retirez la ligne."),
    "too_long": _("Texte de plus de 50 000 caractères : résumez-le, ou partagez-le en deux lignes."),
    "bad_date": _("Cette date ne se lit pas : écrivez-la jj/mm/aaaa, ou videz la case."),
    "future_date": _("Cette date n’est pas encore passée : corrigez l’année ou le mois."),
    "bad_email": _("Cette adresse électronique n’en est pas une : corrigez-la, ou videz la case."),
    "duplicate_id": _("Cet identifiant est déjà celui d’une ligne plus haut : donnez-en un à chaque ligne."),
    "duplicate_line": _("Même auteur, même date, même texte qu’une ligne plus haut : retirez l’une des deux."),
    "withdrawn": _("Retirée par son auteur dans l’outil d’origine : elle n’est pas reprise."),
    "amendment": _("C’est un amendement d’une autre proposition : il n’est pas repris."),
}
#: The line is taken; a person may want to look.
NOTICES: dict[str, str | Promise] = {
    "known": _("Déjà importée, ou déposée sous ce même identifiant : elle ne change pas."),
    "unknown_theme": _("Ce thème n’est pas un des nôtres : dites plus haut duquel il s’agit, ou laissez l’équipe la classer."),
    "theme_ignored": _("Plus de deux thèmes : celui-ci n’est pas repris."),
    "unknown_commune": _("Aucune commune de ce nom ici : corrigez-la, ou dites plus haut de laquelle il s’agit. Le nom est gardé."),
    "ambiguous_commune": _("Plusieurs communes portent ce nom : écrivez le code INSEE, ou le territoire dans sa colonne."),
    "unknown_territory": _("Ce territoire n’est pas un des nôtres : dites plus haut duquel il s’agit."),
    "other_territory": _("Cette commune est dans un autre territoire que celui de la ligne : celui de la commune est retenu."),
    "outside_campaign": _("Ce territoire ne fait pas partie de ceux de la campagne : la ligne est prise quand même."),
    "unknown_nature": _("Cette nature n’est ni initiative, ni besoin, ni idée : la nature par défaut est retenue."),
    "title_cut": _("Titre de plus de 200 caractères : il est coupé, et gardé en entier en tête du texte."),
    "name_cut": _("Trop long : la fin est coupée."),
    "html": _("La mise en forme est retirée, les mots sont gardés."),
    "extra_cells": _("Cette ligne a plus de cases que l’en-tête : celles qui dépassent ne sont pas reprises."),
    "formula_without_value": _("Formule sans résultat : ouvrez le fichier dans un tableur, enregistrez-le, puis réessayez."),
    "error_value": _("Le tableur affiche une erreur dans cette case : elle est prise pour vide."),
    "broken_quote": _("Guillemets mal fermés : vérifiez que les cases de cette ligne sont les bonnes."),
    "lost_characters": _("Des caractères ne se lisent pas : vérifiez l’encodage choisi à l’étape 1."),
    "cell_cut": _("Case trop longue : la fin est perdue."),
}
#: Of these, a million would say nothing more: so many lines of each notice are kept.
KEPT_NOTICES, KEPT_FATAL = 2_000, 20_000


def sentence(code: str) -> str:
    return str(FATAL.get(code) or NOTICES.get(code) or code)


def unreadable(problem: Unreadable) -> str:
    """Why a file cannot be read, and what to do."""
    found = str(problem.facts.get("found", ""))
    sentences = {
        "empty": _now("Ce fichier est vide : vérifiez que c’est le bon, puis enregistrez-le de nouveau."),
        "old_xls": _now("Ancien format Excel (.xls) : ouvrez-le, puis enregistrez-le en .xlsx, .ods ou .csv."),
        "password": _now("Ce fichier est protégé par un mot de passe : enregistrez-le sans mot de passe."),
        "bomb": _now("Ce fichier est anormal : une fois ouvert, il deviendrait énorme. Enregistrez-le en CSV."),
        "damaged": _now("Ce fichier est abîmé : ouvrez-le dans un tableur, puis enregistrez-le de nouveau."),
        "too_many_rows": _now("Plus d’un million de lignes : partagez le fichier en plusieurs."),
        "too_many_columns": _now("Plus de 500 colonnes : vérifiez le séparateur, ou retirez les colonnes inutiles."),
        "line_too_long": _now("Une ligne est démesurée : vérifiez que c’est bien un tableau."),
        "broken_quotes": _now("Des guillemets ne sont pas fermés, à partir de la ligne %(line)s : corrigez-les."),
        "no_such_sheet": _now("Cette feuille n’est pas dans le classeur : choisissez-en une autre."),
    }
    others = {
        "pdf": _now("C’est un PDF : demandez le tableau d’origine (CSV, XLSX ou ODS)."),
        "html": _now("C’est une page web : ouvrez-la dans un tableur, puis enregistrez-la en .xlsx, .ods ou .csv."),
        "image": _now("C’est une image : demandez le tableau d’origine (CSV, XLSX ou ODS)."),
        "archive": _now("C’est une archive : déposez le fichier qu’elle contient."),
    }
    otherwise = _now("Ce n’est pas un tableau : sont lus les fichiers CSV, XLSX, ODS et les exports de Decidim.")
    words = sentences.get(problem.code) or others.get(found) or otherwise
    return words % problem.facts if "%(" in words else words
