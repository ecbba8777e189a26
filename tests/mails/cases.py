"""Mails in the shape of the readers that French partners use, each with exactly what its author wrote.

`CASES` were written with the rules; `HELD_OUT` after them, and say how the rules do on what they had not seen. Names are nobody's.
"""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass

CUT = "– – – Écrivez votre réponse au-dessus de cette ligne – – –"
OURS = "Bonjour,\n\nLe groupe Manger local dans les cantines s’est réuni hier.\nRépondez à ce message pour commenter."


@dataclass(frozen=True)
class Case:
    """`new`: exactly what was written. `plain` and `html` are the bodies; `encoding`: 8bit, qp or base64."""

    name: str
    new: str
    plain: str = ""
    html: str = ""
    charset: str = "utf-8"
    encoding: str = "qp"
    headers: str = ""
    flowed: bool = False

    def raw(self, *, sender: str = "Anne Dupré <anne@mairie.example>", to: str = "reply@dialogue.example", message_id: str = "") -> bytes:
        head = [f"From: {_encoded(sender)}", f"To: {to}", "Subject: =?utf-8?q?Re=3A_Compte-rendu_=C3=A0_relire?=", "Date: Tue, 07 Nov 2017 18:12:00 +0100"]
        head += [f"Message-ID: <{message_id or self.name}@mairie.example>", "MIME-Version: 1.0"]
        head += [line for line in self.headers.split("\n") if line]
        if self.plain and self.html:
            parts = [_part("text/plain", self.plain, self), _part("text/html", self.html, self)]
            body = b"".join(b"--frontiere\r\n" + part + b"\r\n" for part in parts) + b"--frontiere--\r\n"
            return "\r\n".join([*head, 'Content-Type: multipart/alternative; boundary="frontiere"', "", ""]).encode() + body
        kind, text = ("text/html", self.html) if self.html else ("text/plain", self.plain)
        return "\r\n".join([*head, ""]).encode() + _part(kind, text, self)


def _encoded(sender: str) -> str:
    name, _, address = sender.partition(" <")
    return f"=?iso-8859-1?q?{quopri.encodestring(name.encode('latin-1'), header=True).decode()}?= <{address}"


def _part(kind: str, text: str, case: Case) -> bytes:
    data = text.replace("\n", "\r\n").encode(case.charset, "replace")
    coded = {"qp": quopri.encodestring(data), "base64": base64.encodebytes(data), "8bit": data}[case.encoding]
    label = {"qp": "quoted-printable", "base64": "base64", "8bit": "8bit"}[case.encoding]
    flowed = "; format=flowed" if case.flowed and kind == "text/plain" else ""
    said = f"; charset={case.charset}" if case.charset != "undeclared" else ""
    return f"Content-Type: {kind}{said}{flowed}\r\nContent-Transfer-Encoding: {label}\r\n\r\n".encode() + coded


def quoted(text: str = OURS) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


YES = "D’accord pour le mercredi matin.\nNotre camionnette est libre."
#: For the charsets that have no typographic apostrophe.
PLAIN_YES = YES.replace("’", "'")
BLOCK = "De : Chantiers <dialogue@dialogue.example>\nEnvoyé : mardi 7 novembre 2017 09:12\nÀ : Anne Dupré <anne@mairie.example>\nObjet : Compte-rendu à relire"

CASES = [
    Case("outlook-desktop", YES, f"{YES}\n\n{BLOCK}\n\n{CUT}\n\n{OURS}", charset="cp1252"),
    Case("outlook-desktop-underscores", YES, f"{YES}\n\n________________________________\n{BLOCK}\n\n{OURS}", charset="cp1252", encoding="base64"),
    Case("outlook-bold-fields", YES, f"{YES}\n\n*De :* Chantiers\n*Envoyé :* mardi 7 novembre 2017 09:12\n*À :* Anne\n*Objet :* Compte-rendu\n\n{OURS}"),
    Case("outlook-old-original", PLAIN_YES, f"{PLAIN_YES}\n\n-----Message d'origine-----\nDe : Chantiers\nEnvoyé : mardi 7 novembre\nÀ : Anne\nObjet : CR\n\n{OURS}", charset="iso-8859-1"),
    Case(
        "outlook-web-html", YES,
        html="<html><head><style>p{margin:0}</style></head><body><div>D’accord pour le mercredi matin.</div><div>Notre camionnette est libre.</div>"
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><b>De :</b> Chantiers<br><b>Envoyé :</b> mardi 7 novembre 2017 09:12<br>'
        "<b>À :</b> Anne<br><b>Objet :</b> Compte-rendu</div><div>Bonjour, le groupe s’est réuni.</div></body></html>",
    ),
    Case(
        "outlook-desktop-html", YES,
        html='<body><p class="MsoNormal">D’accord pour le mercredi matin.<br>Notre camionnette est libre.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>De&nbsp;:</b> Chantiers<br><b>Envoyé&nbsp;:</b> mardi 7 novembre 2017<br>'
        "<b>À&nbsp;:</b> Anne<br><b>Objet&nbsp;:</b> Compte-rendu</p></div><p>Bonjour</p></body>", charset="cp1252",
    ),
    Case("outlook-signature", "Bonjour,\n\n" + YES + "\n\nCordialement,", f"Bonjour,\n\n{YES}\n\nCordialement,\n\nAnne Dupré\nSecrétaire de mairie\nTél. 05 00 00 00 00\n\n{BLOCK}\n\n{OURS}"),
    Case("gmail-web", YES, f"{YES}\n\nLe mar. 7 nov. 2017 à 09:12, Chantiers <dialogue@dialogue.example> a écrit :\n\n{quoted()}"),
    Case("gmail-two-lines", YES, f"{YES}\n\nLe mar. 7 nov. 2017 à 09:12, Manger local dans les cantines <\nreply+abc@dialogue.example> a écrit :\n\n{quoted()}"),
    Case("gmail-nbsp", YES, f"{YES}\n\nLe mar. 7 nov. 2017 à 09:12, Chantiers <dialogue@dialogue.example> a écrit :\n\n{quoted()}"),
    Case(
        "gmail-html", YES,
        html='<div dir="ltr">D’accord pour le mercredi matin.<br>Notre camionnette est libre.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        'Le mar. 7 nov. 2017 à 09:12, Chantiers &lt;<a href="mailto:dialogue@dialogue.example">dialogue@dialogue.example</a>&gt; a écrit :<br></div>'
        '<blockquote class="gmail_quote" style="margin:0"><p>Bonjour, le groupe s’est réuni.</p></blockquote></div>',
    ),
    Case("gmail-mobile", "Ok pour nous", f"Ok pour nous\n\nLe mar. 7 nov. 2017, 09:12, Chantiers <dialogue@dialogue.example> a écrit :\n\n{quoted()}"),
    Case("gmail-both", YES, f"{YES}\n\nLe mar. 7 nov. 2017 à 09:12, Chantiers <d@dialogue.example> a écrit :\n\n{quoted()}", "<p>D’accord</p>"),
    Case("apple-mail", YES, f"{YES}\n\n> Le 7 nov. 2017 à 09:12, Chantiers <dialogue@dialogue.example> a écrit :\n>\n{quoted()}"),
    Case("apple-mail-plain", YES, f"{YES}\n\nLe 7 nov. 2017 à 09:12, Chantiers <dialogue@dialogue.example> a écrit :\n\n{quoted()}", flowed=True),
    Case("iphone", "Oui je viens", f"Oui je viens\n\nEnvoyé de mon iPhone\n\n> Le 7 nov. 2017 à 09:12, Chantiers <dialogue@dialogue.example> a écrit :\n>\n{quoted()}"),
    Case(
        "iphone-html", "Oui je viens",
        html='<html><body dir="auto">Oui je viens<br><br><div dir="ltr">Envoyé de mon iPhone</div><div dir="ltr"><br><blockquote type="cite">Le 7 nov. 2017 à 09:12, '
        'Chantiers &lt;d@dialogue.example&gt; a écrit :<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Bonjour<br>Le groupe</div></blockquote></body></html>',
    ),
    Case("ipad", "Bien reçu.", f"Bien reçu.\n\nEnvoyé de mon iPad\n\n> Le 7 nov. 2017 à 09:12, Chantiers <d@dialogue.example> a écrit :\n> \n{quoted()}", charset="iso-8859-15"),
    Case("thunderbird", YES, f"{YES}\n\nLe 07/11/2017 à 09:12, Chantiers a écrit :\n{quoted()}", flowed=True, charset="utf-8"),
    Case("thunderbird-bottom", YES, f"Le 07/11/2017 à 09:12, Chantiers a écrit :\n{quoted()}\n\n{YES}\n"),
    Case("thunderbird-signature", YES, f"{YES}\n\n-- \nAnne Dupré\nCommune de Lande-Basse\n\nLe 07/11/2017 à 09:12, Chantiers a écrit :\n{quoted()}"),
    Case("zimbra", YES, f"{YES}\n\nDe: \"Chantiers\" <dialogue@dialogue.example>\nÀ: \"Anne\" <anne@mairie.example>\nEnvoyé: Mardi 7 Novembre 2017 09:12:00\nObjet: Compte-rendu à relire\n\n{OURS}"),
    Case("zimbra-original", YES, f"{YES}\n\n----- Mail original -----\nDe: \"Chantiers\" <d@dialogue.example>\nÀ: \"Anne\"\nEnvoyé: Mardi 7 Novembre 2017\nObjet: CR\n\n{OURS}"),
    Case("orange", YES, f"{YES}\n\n> Message du 07/11/17 09:12\n> De : \"Chantiers\" <dialogue@dialogue.example>\n> A : anne@orange.example\n> Copie à : \n> Objet : Compte-rendu\n> \n{quoted()}"),
    Case("orange-app", YES, f"{YES}\n\nenvoyé depuis l'application mail orange\n\n---------------\nde : Chantiers <d@dialogue.example>\ndate : 07/11/2017 09:12 (GMT+01:00)\nà : anne@orange.example\nobjet : Compte-rendu\n\n{OURS}"),
    Case("free", PLAIN_YES, f"{PLAIN_YES}\n\nLe 07/11/2017 09:12, Chantiers a écrit :\n{quoted()}", charset="iso-8859-1", encoding="8bit"),
    Case("free-webmail", YES, f"{YES}\n\n----- Message original -----\nDe: Chantiers\nÀ: Anne\nEnvoyé: Mardi 7 Novembre 2017 09:12:00\nObjet: Compte-rendu\n\n{OURS}"),
    Case("laposte", YES, f"{YES}\n\n> Message du 07/11/17 à 09h12\n> De : \"Chantiers\" <d@dialogue.example>\n> A : anne@laposte.example\n> Objet : Compte-rendu\n>\n{quoted()}"),
    Case("samsung", "Présente, merci", f"Présente, merci\n\n\nEnvoyé depuis mon appareil Galaxy\n\n\n-------- Message d'origine --------\nDe : Chantiers <d@dialogue.example>\nDate : 07/11/2017 09:12 (GMT+01:00)\nÀ : Anne\nObjet : Compte-rendu\n\n{OURS}"),
    Case(
        "samsung-html", "Présente, merci",
        html='<div dir="auto">Présente, merci</div><div><br></div><div id="composer_signature" dir="auto">Envoyé depuis mon appareil Galaxy</div><div><br></div>'
        "<div>-------- Message d'origine --------</div><div>De : Chantiers</div><div>Date : 07/11/2017</div><div>À : Anne</div><div>Objet : CR</div><div>Bonjour</div>",
    ),
    Case("yahoo", YES, f"{YES}\n\n    Le mardi 7 novembre 2017 à 09:12:00 UTC+1, Chantiers <d@dialogue.example> a écrit :  \n \n {OURS}"),
    Case(
        "yahoo-html", YES,
        html='<div class="ydp"><div>D’accord pour le mercredi matin.</div><div>Notre camionnette est libre.</div></div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>'
        "Le mardi 7 novembre 2017 à 09:12:00 UTC+1, Chantiers a écrit :</div><div><div>Bonjour</div></div></div>",
    ),
    Case("sfr", YES, f"{YES}\n\n========================================\n\nMessage du : 07/11/2017 09:12\nDe : \"Chantiers\" <d@dialogue.example>\nA : anne@sfr.example\nSujet : Compte-rendu\n\n{OURS}"),
    Case("roundcube", YES, f"{YES}\n\n---\nAnne Dupré\n\nLe 2017-11-07 09:12, Chantiers a écrit :\n\n{quoted()}".replace("---\nAnne Dupré\n\n", "")),
    Case("cut-line-only", YES, f"{YES}\n\n{CUT}\n\n{OURS}"),
    Case("cut-line-ascii", "Oui pour mercredi.", f"Oui pour mercredi.\n\n- - - Ecrivez votre reponse au-dessus de cette ligne - - -\n\n{OURS}", charset="us-ascii"),
    Case("cut-line-english", "I agree.", "I agree.\n\n– – – Write your reply above this line – – –\n\nHello,\n\nThe group met."),
    Case("english-outlook", "I agree.", f"I agree.\n\nFrom: Chantiers <d@dialogue.example>\nSent: Tuesday, November 7, 2017 9:12 AM\nTo: Anne\nSubject: Minutes\n\n{OURS}"),
    Case("english-gmail", "I agree.", f"I agree.\n\nOn Tue, Nov 7, 2017 at 9:12 AM Chantiers <d@dialogue.example> wrote:\n\n{quoted()}"),
    Case("disclaimer", YES, f"{YES}\n\nCe message et ses pièces jointes sont confidentiels et destinés à leurs seuls destinataires.\nSi vous l’avez reçu par erreur, détruisez-le.\n\n{BLOCK}\n\n{OURS}"),
    Case("environment", YES, f"{YES}\n\nPensez à l’environnement avant d’imprimer ce message.\n\nLe 07/11/2017 à 09:12, Chantiers a écrit :\n{quoted()}"),
    Case("antivirus", YES, f"{YES}\n\nGaranti sans virus. www.avast.example\n\nLe 07/11/2017 à 09:12, Chantiers a écrit :\n{quoted()}"),
    Case("closing-card", "Bonjour,\n\nRien à redire.\n\nBien à vous,", "Bonjour,\n\nRien à redire.\n\nBien à vous,\n\nPaul Martin\nMaire de Castelnou\n1 place de la Mairie, 33000 Castelnou\n05 56 00 00 00"),
    Case("closing-name", "Merci pour ce compte-rendu.\n\nCordialement\nAnne", "Merci pour ce compte-rendu.\n\nCordialement\nAnne"),
    Case("no-quote", YES, YES, encoding="8bit"),
    Case("inline-answers", "> Qui livre le mercredi ?\nLe Cabas, avec sa camionnette.\n\n> À quelle heure ?\nÀ huit heures.", "Le 07/11/2017 à 09:12, Chantiers a écrit :\n> Qui livre le mercredi ?\nLe Cabas, avec sa camionnette.\n\n> À quelle heure ?\nÀ huit heures.".replace("Le 07/11/2017 à 09:12, Chantiers a écrit :\n", "")),
    Case("empty-reply", "", f"\n\nLe 07/11/2017 à 09:12, Chantiers a écrit :\n{quoted()}"),
    Case("undeclared-latin", "Présent à la séance, été comme hiver.", "Présent à la séance, été comme hiver.", charset="latin-1", encoding="8bit", headers="X-Mailer: vieux"),
    Case("mailing-list-footer", YES, f"{YES}\n\n_______________________________________________\nListe des maires\nmaires@liste.example"),
    Case(
        "hostile-html", "Bonjour\nle groupe",
        html="<script>alert(1)</script><style>*{}</style><p>Bonjour<br>le groupe</p><div style='display:none'>caché</div><img src=x onerror=alert(2)><iframe src='//x'></iframe><!-- rien -->",
    ),
    Case("html-lists-and-links", "Deux points :\n\n- les menus\n- le guide (https://exemple.example/guide)", html="<p>Deux points :</p><ul><li>les menus</li><li>le <a href='https://exemple.example/guide'>guide</a></li></ul>"),
    Case("html-only-forwarded", "Pour information.", html="<p>Pour information.</p><p>---------- Forwarded message ---------<br>De : Le Cabas<br>Date: mar. 7 nov.<br>Subject: Livraison<br>To: Anne</p><p>Bonjour</p>"),
]  # fmt: skip

HELD_OUT = [
    Case("held-proton", YES, f"{YES}\n\n\nEnvoyé avec la messagerie sécurisée Proton Mail.\n\nLe mardi 7 novembre 2017 à 09:12, Chantiers <d@dialogue.example> a écrit :\n\n{quoted()}"),
    Case("held-outlook-mobile", "Je serai en retard d’un quart d’heure.", f"Je serai en retard d’un quart d’heure.\n\nTéléchargez Outlook pour iOS<https://aka.example>\n________________________________\n{BLOCK}\n\n{OURS}"),
    Case("held-gmail-signature", YES, f"{YES}\n\n--\nAnne Dupré\n06 00 00 00 00\n\n\nLe mar. 7 nov. 2017 à 09:12, Chantiers <d@dialogue.example> a écrit :\n\n{quoted()}"),
    Case("held-ovh-roundcube", YES, f"{YES}\n\nLe 07.11.2017 09:12, Chantiers a écrit :\n\n{quoted()}"),
    Case("held-thunderbird-en", "Fine with me.", f"Fine with me.\n\nOn 07/11/2017 09:12, Chantiers wrote:\n{quoted()}"),
    Case("held-lotus", YES, f"{YES}\n\nDe :        Chantiers <d@dialogue.example>\nA :        anne@mairie.example\nDate :        07/11/2017 09:12\nObjet :        Compte-rendu\n\n\n{OURS}"),
    Case("held-k9", "Vu.", f"Vu.\n\nLe 7 novembre 2017 09:12:00 GMT+01:00, Chantiers <d@dialogue.example> a écrit :\n{quoted()}\n\n-- \nEnvoyé de mon appareil Android avec K-9 Mail. Veuillez excuser ma brièveté."),
    Case("held-sogo", YES, f"{YES}\n\nLe Mardi 7 Novembre 2017 09:12 CET, Chantiers <d@dialogue.example> a écrit: \n \n{quoted()}"),
    Case("held-bottom-signature", YES, f"Le 07/11/2017 à 09:12, Chantiers a écrit :\n{quoted()}\n\n{YES}\n\n-- \nAnne"),
    Case("held-html-outlook-signature", "Bonjour,\nRien à ajouter.\nCordialement,", html="<p>Bonjour,<br>Rien à ajouter.<br>Cordialement,</p><p><b>Paul Martin</b><br>Directeur<br>T. 05 56 00 00 00</p><hr><p><b>De :</b> Chantiers<br><b>Envoyé :</b> mardi<br><b>À :</b> Paul<br><b>Objet :</b> CR</p><p>Bonjour</p>"),
    Case("held-paragraphs", "Premier paragraphe.\n\nDeuxième paragraphe, avec une date : le 14 novembre à 9 h.\n\nTroisième.", f"Premier paragraphe.\n\nDeuxième paragraphe, avec une date : le 14 novembre à 9 h.\n\nTroisième.\n\n{BLOCK}\n\n{OURS}"),
    Case("held-de-in-text", "De : la mairie, pour : les écoles.\nC’est notre proposition.", f"De : la mairie, pour : les écoles.\nC’est notre proposition.\n\nLe 07/11/2017 à 09:12, Chantiers a écrit :\n{quoted()}"),
]  # fmt: skip
