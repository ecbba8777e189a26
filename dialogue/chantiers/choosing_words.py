"""The evidence in plain French: what a council reads, and the first words of the reason of a chantier."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers.proof import Proof
from dialogue.chantiers.stages import Reason
from dialogue.ui.dates import ordinal

#: From which a count of authors is said without decimals.
ROUND = 10


def _rounded(value: float, places: int) -> str:
    """Django's own cuts the decimals off."""
    return number_format(round(value, places), places, force_grouping=True)


def number(value: float) -> str:
    """52 or 5,2; thousands apart."""
    return _rounded(value, 0 if value >= ROUND or value == int(value) else 1)


def times(value: float) -> str:
    """1,5; from ten on, 12."""
    return _rounded(value, 1 if value < ROUND else 0)


def percent(share: float) -> str:
    """4,2 but 18."""
    return _rounded(share * 100, 0 if round(share * 100, 1) >= ROUND else 1)


def compared(proof: Proof | Any) -> str:
    """"94 auteurs, 52 attendus si ce thème pesait ici comme ailleurs : entre 1,5 et 2,1 fois plus."  Takes an Evidence as well."""
    observed = getattr(proof, "observed", None)
    authors = proof.authors if observed is None else observed
    said = ngettext("%(n)s auteur", "%(n)s auteurs", authors) % {"n": number(authors)}
    told = ngettext("%(n)s attendu", "%(n)s attendus", max(1, round(proof.expected))) % {"n": number(proof.expected)}
    start = _("%(said)s, %(told)s si ce thème pesait ici comme ailleurs") % {"said": said, "told": told}
    return _("%(start)s : %(range)s.") % {"start": start, "range": span(proof)}


def span(proof: Proof | Any) -> str:
    """What the bounds say, at 95 %."""
    lower, upper = proof.lower, proof.upper
    if lower > 1:
        return _("entre %(low)s et %(high)s fois plus") % {"low": times(lower), "high": times(upper)}
    if upper < 1 and lower > 0:
        return _("entre %(low)s et %(high)s fois moins") % {"low": times(1 / upper), "high": times(1 / lower)}
    words = {"low": times(lower), "high": times(upper)}
    return _("ni plus ni moins, autant que l’on puisse dire (entre %(low)s et %(high)s fois)") % words


def shares(proof: Proof) -> str:
    return _("%(here)s %% des auteurs du territoire en parlent, contre %(all)s %% dans l’ensemble du Département.") % {
        "here": percent(proof.share),
        "all": percent(proof.overall_share),
    }


def rank(proof: Proof) -> str:
    if not proof.authors:
        return _("Personne n’en parle dans ce territoire.")
    if proof.rank == 1:
        return _("C’est le thème dont ce territoire parle le plus.")
    return _("C’est le %(rank)s thème dont ce territoire parle le plus.") % {"rank": ordinal(proof.rank)}


def basis(proof: Proof) -> str:
    """Texts, communes and organisations of what the candidate rests on."""
    parts = [
        ngettext("%(n)s contribution", "%(n)s contributions", proof.basis_texts) % {"n": number(proof.basis_texts)},
        ngettext("%(n)s auteur", "%(n)s auteurs", proof.basis_authors) % {"n": number(proof.basis_authors)},
        ngettext("%(n)s commune", "%(n)s communes", proof.communes) % {"n": number(proof.communes)},
        ngettext("%(n)s organisme", "%(n)s organismes", proof.organisations) % {"n": number(proof.organisations)},
    ]
    return ", ".join(parts)


def reason_text(candidate: Any, proof: Proof) -> str:
    """A first draft of the reason of a chantier: the coordination rewrites it."""
    words = {"theme": candidate.theme.name, "territory": candidate.territory.name}
    first = {
        Reason.MANY: _("De nombreuses contributions du territoire %(territory)s parlent de « %(theme)s », une priorité de son pacte."),
        Reason.FEW: _("Le pacte du territoire %(territory)s fait de « %(theme)s » une priorité, et peu de contributions en parlent."),
        Reason.STRUCTURING: _("Un projet peut conforter le territoire %(territory)s sur le thème « %(theme)s »."),
    }[Reason(candidate.reason)] % words
    parts = [first]
    if candidate.reason == Reason.STRUCTURING:
        parts.append(_("Il s’appuie sur : %(basis)s.") % {"basis": basis(proof)})
    else:
        parts += [compared(proof), shares(proof)]
    return " ".join([*parts, candidate.note.strip()]).strip()


def bar(proof: Proof | Any) -> dict[str, str]:
    """Places on the bar of the bounds, in percent of its width (SVG attributes): the scale goes from 0 to three times or more."""
    most = max(3.0, proof.upper * 1.08)

    def place(value: float) -> float:
        return min(100.0, 100 * value / most)

    one, low, high, middle = (place(value) for value in (1.0, proof.lower, proof.upper, proof.ratio))
    return {name: f"{value:.2f}%" for name, value in {"one": one, "low": low, "width": max(0.6, high - low), "middle": middle}.items()}
