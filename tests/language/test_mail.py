"""What a person typed, apart from what their mail program quotes and from how they sign."""

import re
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogue.language import mime
from dialogue.language.mail import Split, split_reply, text_of_html
from tools.bench_mail import MAILS as MAIL_FOLDER
from tools.bench_mail import exact, fixtures, lost


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


MAILS = fixtures(MAIL_FOLDER)


@pytest.mark.parametrize("one", MAILS, ids=[one.name for one in MAILS])
def test_of_every_mail_of_the_collection_the_new_text_is_found_exactly(one):
    assert mime.read(one.raw).split().new == one.new
    assert not lost(one)


def test_of_mails_written_after_the_rules_nearly_all_are_read_exactly_and_no_word_is_lost():
    unseen = fixtures(MAIL_FOLDER / "held_out")
    misses = exact(unseen, lambda message: message.split().new)
    assert len(misses) <= len(unseen) * 0.1, misses
    assert [one.name for one in unseen if lost(one)] == []


def test_the_answer_above_the_quote_is_new_and_the_rest_is_folded():
    assert split_reply(
        "Oui, je viens.\n\nLe mar. 14 nov. 2017 à 09:12, X <x@y.example> a écrit :\n\n> Viendrez-vous ?\n"
    ) == Split("Oui, je viens.", "Le mar. 14 nov. 2017 à 09:12, X <x@y.example> a écrit :\n\n> Viendrez-vous ?")


def test_the_line_above_the_quote_may_be_wrapped_and_hold_french_spaces():
    mail = "Oui.\n\nLe mar. 14 nov. 2017 à\u00a009:12, Dialogue territorial <\nreply+abc@dialogue.example> a écrit\u202f:\n\n> Alors ?"
    assert split_reply(mail).new == "Oui."


def test_outlook_headers_part_the_mail_whatever_is_around_them():
    for above in ("", "________________________________\n", "-----Message d'origine-----\n", "-----Message d’origine-----\n\n"):
        for headers in (
            "De : X <x@y.example>\nEnvoyé : mardi 14 novembre 2017 09:12\nÀ : Y\nObjet : RE: Séance\n",
            "*De :* X <x@y.example>\n*Envoyé :* mardi 14 novembre 2017 09:12\n*À :* Y <y@y.example>;\nZ <z@y.example>\n*Objet :* Séance\n",
            "De: X Envoyé: mardi 14 novembre 2017 09:12 À: Y Objet: RE: Séance\n",
        ):
            split = split_reply(f"D’accord.\n\n{above}{headers}\nLe texte d’avant\n")
            assert (split.new, split.folded.count("Le texte d’avant")) == ("D’accord.", 1), above + headers


def test_answers_between_quoted_lines_stay_with_what_they_answer():
    mail = "Le 14/11/2017 à 09:12, X a écrit :\n> Quel jour ?\n\nMardi.\n\n> Où ?\n\nIci.\n\n> Merci,\n> X"
    assert split_reply(mail) == Split(
        "> Quel jour ?\n\nMardi.\n\n> Où ?\n\nIci.", "Le 14/11/2017 à 09:12, X a écrit :\n\n> Merci,\n> X"
    )


def test_text_below_the_quote_is_kept():
    assert split_reply("Le 14/11/2017 à 09:12, X a écrit :\n> Quel jour ?\n> Où ?\n\nMardi, ici.").new == "Mardi, ici."


def test_the_closing_formula_goes_with_the_signature():
    assert split_reply("Oui.\n\nBien cordialement,\n\nMarie Durand\nDirectrice\nTél. : 05 56 00 00 00").new == "Oui."


def test_what_follows_the_formula_and_is_no_signature_stays():
    mail = "Oui.\n\nCordialement,\nMarie\n\nPS : n’oubliez pas la clé."
    assert split_reply(mail) == Split("Oui.\n\nPS : n’oubliez pas la clé.", "Cordialement,\nMarie")


def test_a_telephone_that_the_mail_gives_on_purpose_stays():
    mail = "Le traiteur est joignable ici :\n\nChez Paul\nTél. : 05 56 00 00 00\npaul@traiteur.example"
    assert split_reply(mail).new == mail


def test_a_sentence_about_someone_who_wrote_is_no_quote():
    mail = "Le maire a écrit :\nnous viendrons tous.\nEt nous aussi."
    assert split_reply(mail).new == mail


def test_our_own_line_cuts_even_when_nothing_else_does():
    for line in (
        "– – – Écrivez votre réponse au-dessus de cette ligne – – –",
        "- - - Ecrivez votre reponse au-dessus de cette ligne - - -",
        "– – – Write your reply above this line – – –",
    ):
        assert split_reply(f"Oui.\n\n{line}\nBonjour").new == "Oui."


@given(st.text(max_size=400))
@example("\n-- \n\n> \nLe 1/1/2017 à 1:00, x@y.fr a écrit :\n>")
def test_no_word_is_lost_whatever_the_text(text):
    split = split_reply(text)
    assert words(split.new) + words(split.folded) == words("\n".join(split_reply(text, forwarded=True).__dict__.values()))


@given(st.lists(st.sampled_from(["> a", ">> b", "", "c d e.", "Cordialement,", "-- ", "De : x", "Objet : y", "À : z", "PS : f"])))
def test_every_word_is_in_one_of_the_two(lines):
    text = "\n".join(lines)
    split = split_reply(text)
    assert words(split.new) + words(split.folded) == words(text)


@given(st.text(alphabet=st.sampled_from("<>/!-ab =\"'&;x"), max_size=200))
def test_any_page_gives_a_text(page):
    assert isinstance(text_of_html(page), str)
