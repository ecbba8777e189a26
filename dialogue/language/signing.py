"""What ends a mail and says nothing new: signature, legal notices, "Envoyé de mon iPhone". Used by `mail`.

The rule (docs/adr/0020): the closing formula goes with the signature, since the page names the author. When a line could be
something that the author wanted to say, it stays.
"""

from __future__ import annotations

import re

from dialogue.language.text import normalise

_DELIMITER = re.compile(r"^(?:--|—|–)\s*$|^_{3,10}$|^-{3,}$")
_DEVICE = re.compile(
    r"^(?:envoye(?:e)?\s(?:de(?:puis)?|a partir de|avec|via|par)\s.{2,60}|sent (?:from|with|via) .{2,50}|provenance\s?: .{2,50}"
    r"|get outlook for .{2,12}|telecharge[rz] outlook pour .{2,30}|obtenir outlook pour .{2,30}|obtenez outlook pour .{2,30}"
    r"|telephone portable|mobile : veuillez excuser.{0,60}|yahoo mail.{0,60}|mail\.com.{0,30})\.?$",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s?[<(\[]https?://[^\s>)\]]+[>)\]]")
_DEVICE_WORDS = re.compile(
    r"iphone|ipad|mac\b|samsung|galaxy|android|outlook|mobile|telephone|smartphone|portable|huawei|xiaomi|redmi|oppo"
    r"|honor|sony|nokia|blackberry"
    r"|appareil|tablette|windows|courrier|mail|messagerie|orange|sfr|bouygues|free|la poste|laposte|yahoo|gmail"
    r"|thunderbird|proton|zimbra|typeapp|ios|e-?mail",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"^(?:(?:bien )?a (?:vous|toi|bientot|tres bientot|tres vite|demain|plus tard|mardi|lundi|mercredi|jeudi|vendredi)"
    r"|(?:tres |bien |plus |tout )*(?:cordialement|amicalement|sincerement|respectueusement|chaleureusement|amities|cdlt"
    r"|cdt|bav|cldt)"
    r"|(?:salutations|sinceres salutations|cordiales salutations|meilleures salutations|salutations (?:distinguees"
    r"|cordiales|respectueuses))"
    r"|(?:je vous prie|nous vous prions|veuillez|recevez|je vous souhaite une (?:bonne|excellente)).{0,160}"
    r"(?:salutations|sentiments|consideration|respects|hommages|journee|soiree)[^.]{0,60}"
    r"|(?:(?:tres )?bonne?|excellente?|belle|bonne fin de) (?:journee|soiree|week-?end|fin de semaine|semaine|apres-midi"
    r"|reception|lecture)"
    r"(?: a (?:vous|tous|toutes et tous|toi))?"
    r"|(?:avec (?:mes|nos) |mes |nos )(?:meilleures |sinceres |respectueuses )?(?:salutations|sentiments|amities"
    r"|remerciements|respects)[^.]{0,40}"
    r"|(?:kind|best|warm) regards|regards|best|bises|bisous|cheers|amts)"
    r"(?: et (?:bonne|belle|excellente|a bientot|merci)[^.]{0,30})?\s*[,.!;]*$",
    re.IGNORECASE,
)
_AFTER_COMMA = re.compile(r"^(.{4,30}?),\s+(\S.{1,50})$")
_LEGAL = re.compile(
    r"^(?:\W{0,3})(?:(?:ce|cet|le present|the|this)\s(?:message|courriel|e-?mail|mail|courrier|transmission)\b.{0,80}"
    r"(?:confidenti|destine|strict|propriete|intended|antivirus|virus|toutes? (?:les )?pieces)"
    r"|avertissement|disclaimer|confidentialite|avis de confidentialite|clause de confidentialite"
    r"|les informations contenues dans ce|the information (?:contained|in this)|si vous (?:n'etes pas|avez recu ce"
    r"|recevez ce) (?:le destinataire|message|courriel|mail))",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"antivirus|sans virus|virus-free|garanti sans|avast|www\.avg\.com|mailinblack|altospam|vade ?secure"
    r"|(?:pensez|penser|penser a|pensons) .{0,12}l'environnement|n'imprime[zr].{0,30}(?:que si|message|mail)"
    r"|avant d'imprimer|imprimez ce (?:message|mail|courriel) que"
    r"|think before you print|consider the environment|soucieux de l'environnement|geste (?:pour la planete|eco)"
    r"|(?:vous recevez ce (?:message|courriel|mail),? (?:car|parce)|se desabonner|desinscri|pour se desinscrire"
    r"|unsubscribe|mailing list|liste de diffusion)",
    re.IGNORECASE,
)
#: What mailing lists draw above their name and address.
_LIST_FOOTER = re.compile(r"^[_-]{30,}$")
_CONTACT = re.compile(
    r"(?:\+33|\b0)\s?(?:\(0\)\s?)?[1-9](?:[ .-]?\d{2}){4}\b|\S+@\S+\.\w{2,}|https?://|www\.\w"
    r"|^(?:tel(?:ephone)?|mob(?:ile)?|port(?:able)?|fax|standard|ligne directe|lg|adresse|courriel|e?-?mail|mel|site"
    r"|web)\s?\.?\s?:"
    r"|\b(?:0[1-9]|[1-8]\d|9[0-5])\d{3}\s[A-Z]|\bcs \d{5}|\bcedex\b|\bBP \d+",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(
    r"^(?:ps|p\.\s?s\.?|post-?scriptum|nb|n\.b\.?|pj|p\.j\.?|pieces? jointes?)\s?\d?\s?[:.–-]", re.IGNORECASE
)
_SENTENCE = re.compile(r"[.?!…]$")
_LONGEST_LINE, _MOST_LINES, _MOST_AFTER_DASHES = 110, 16, 25
_WORDS_OF_A_SENTENCE = 7


def folded_lines(lines: list[str], author: str = "") -> set[int]:
    """The places, among `lines` (all `plain`), of what is signature, notices and devices. `author` is the sender's name."""
    out = {place for place, line in enumerate(lines) if is_device(line)}
    end = _without_notices(lines, out)
    end = _before_dashes(lines, end, out)
    end = _before_formula(lines, end, out)
    _before_contact(lines, end, out, author)
    return out


def is_device(line: str) -> bool:
    """ "Envoyé de mon iPhone" and its like, alone on their line."""
    bare = _LINK.sub("", line).strip()
    return bool(_DEVICE.match(bare) and _DEVICE_WORDS.search(bare))


def _fold(out: set[int], start: int, end: int) -> int:
    out.update(range(start, end))
    return start


def _paragraphs(lines: list[str], end: int, out: set[int]) -> list[tuple[int, int]]:
    """(first line, end) of each paragraph before `end`, lines already folded being blank."""
    found, start = [], None
    for place in range(end):
        is_blank = not lines[place] or place in out
        if is_blank and start is not None:
            found.append((start, place))
            start = None
        elif not is_blank and start is None:
            start = place
    return found if start is None else [*found, (start, end)]


def _without_notices(lines: list[str], out: set[int]) -> int:
    """Legal notices, antivirus, printing, list footers at the end; returns where they begin."""
    end = len(lines)
    paragraphs = _paragraphs(lines, end, out)
    for first, last in paragraphs:
        if _LEGAL.match(" ".join(lines[first:last])) and first > 0:
            # A notice goes on to the end, in as many paragraphs and languages as its author wished.
            end = _fold(out, first, end)
            break
    for first, last in reversed(_paragraphs(lines, end, out)):
        words = " ".join(lines[first:last])
        is_rule = all(_DELIMITER.match(line) or re.match(r"^[_=*-]{3,}$", line) for line in lines[first:last])
        if _LIST_FOOTER.match(lines[first]) and first > 0 and last - first <= 6:  # noqa: PLR2004
            end = _fold(out, first, end)
            continue
        if not is_rule and not (_FOOTER.search(words) and last - first <= 6):  # noqa: PLR2004
            tail = last
            while tail > first and _FOOTER.search(lines[tail - 1]) and not _is_prose(lines[tail - 1], strict=False):
                tail -= 1
            return _fold(out, tail, end) if tail < last else end
        if first == 0 and not is_rule and not _is_boilerplate(words):
            return end
        end = _fold(out, first, end)
    return end


def _is_boilerplate(words: str) -> bool:
    """A mail whose only paragraph speaks of a mailing list or of the environment is what its author says."""
    return bool(re.search(r"www\.|https?://|antivirus|n'imprime|avant d'imprimer", words, re.IGNORECASE))


def _before_dashes(lines: list[str], end: int, out: set[int]) -> int:
    for place in range(end):
        if _DELIMITER.match(lines[place]) and place not in out:
            below = [line for line in lines[place + 1 : end] if line]
            is_dashes = lines[place] in {"--", "—", "–"}
            fits = len(below) <= (_MOST_AFTER_DASHES if is_dashes else _MOST_LINES)
            if fits and (is_dashes or not any(_is_prose(line) for line in below)) and below:
                return _fold(out, place, end)
    return end


def _before_formula(lines: list[str], end: int, out: set[int]) -> int:
    """From the last closing formula after which only names, titles and telephones follow; a postscript stays."""
    for place in range(end - 1, -1, -1):
        if place in out or not is_formula(lines[place]):
            continue
        stop = next((later for later in range(place + 1, end) if _POSTSCRIPT.match(lines[later])), end)
        below = [line for line in lines[place + 1 : stop] if line]
        if len(below) <= _MOST_LINES and not any(_is_prose(line) for line in below):
            _fold(out, _first_formula(lines, place), stop)
            return min(place, end)
        return end
    return end


def _first_formula(lines: list[str], place: int) -> int:
    """ "Bonne journée," then "Cordialement": both close."""
    before = place - 1
    while before >= 0 and (not lines[before] or is_formula(lines[before])):
        if lines[before]:
            place = before
        before -= 1
    return place


def is_formula(line: str) -> bool:
    """A closing formula alone on its line, or followed by a name: "Cordialement, Marie"."""
    if _FORMULA.match(line):
        return True
    found = _AFTER_COMMA.match(line)
    return bool(found and _FORMULA.match(found[1]) and len(found[2].split()) <= 5 and not _SENTENCE.search(found[2]))  # noqa: PLR2004


def _before_contact(lines: list[str], end: int, out: set[int], author: str) -> int:
    """A last block without formula: the author's name above it, or telephone and address beside a name."""
    paragraphs = _paragraphs(lines, end, out)
    if not paragraphs:
        return end
    for count in (3, 2, 1):
        if len(paragraphs) <= count and not (len(paragraphs) == count and author):
            continue
        first = paragraphs[-count][0]
        block = [lines[place] for place in range(first, end) if lines[place] and place not in out]
        above = next((line for line in reversed(lines[:first]) if line), "")
        if above.endswith(":") or len(block) > _MOST_LINES or any(_is_prose(line) for line in block):
            continue
        contacts = sum(1 for line in block if _CONTACT.search(line))
        signed = bool(author) and _same_name(block[0], author)
        if signed or (above and len(block) >= 3 and contacts >= 2 and not _CONTACT.search(block[0])):  # noqa: PLR2004
            return _fold(out, first, end)
    # The name alone, right under the text.
    first, last = paragraphs[-1]
    if author and last - first > 1 and _same_name(lines[last - 1], author) and len(lines[last - 1].split()) > 1:
        return _fold(out, last - 1, end)
    return end


def _same_name(line: str, author: str) -> bool:
    """The line is the author's name, in any order, or their first name alone."""
    words, names = normalise(line.rstrip(",.")).split(), normalise(author).split()
    return bool(words) and len(words) <= 5 and (set(names) <= set(words) or (len(words) == 1 and words[0] in names))  # noqa: PLR2004


def _is_prose(line: str, *, strict: bool = True) -> bool:
    """A sentence: what a signature does not hold."""
    if _CONTACT.search(line) and len(line) <= _LONGEST_LINE:
        return False
    words = line.split()
    is_long = len(line) > _LONGEST_LINE or (len(words) >= _WORDS_OF_A_SENTENCE and bool(_SENTENCE.search(line)))
    is_question = len(words) > 2 and line.endswith("?")  # noqa: PLR2004
    return is_long or (strict and is_question)
