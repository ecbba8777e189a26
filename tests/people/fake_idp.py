"""A ProConnect of our own, on the loopback: stricter than the real one. It refuses everything that is not listed.

Source: the partners' documentation of ProConnect (parameters of `authorize`, `token`, `userinfo`, `session/end`), OpenID
Connect Core 1.0, RP-Initiated Logout 1.0.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

AUTHORIZE = {"client_id", "redirect_uri", "scope", "response_type", "state", "nonce"}
SCOPES = {"openid", "given_name", "usual_name", "email", "siret", "uid"}
TOKEN = {"client_id", "client_secret", "redirect_uri", "grant_type", "code"}
LOGOUT = {"id_token_hint", "state", "post_logout_redirect_uri"}
SHORTEST = 32


class FakeProConnect:
    """`with FakeProConnect(…) as idp`: `idp.server` is its address; `idp.person` who signs in; `idp.twist` what it does wrong."""

    def __init__(self, client_id: str, secret: str, callback: str, after_logout: str) -> None:
        self.client_id, self.secret, self.callback, self.after_logout = client_id, secret, callback, after_logout
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person = {
            "sub": "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1",
            "given_name": "Aline",
            "usual_name": "Vergne",
            "email": "aline@paniers.example",
            "siret": "21330063500017",
            "uid": "42",
        }
        self.twist: set[str] = set()
        self.refusals: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server = f"http://127.0.0.1:{self.http.server_port}/api/v2"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    def authorize(self, address: str) -> str:
        """What the browser gets when it follows `address`: where it is sent back to. Raises ValueError on a refusal."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        problem = self._authorize_problem(asked) if f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.server}/authorize" else "door"
        if problem:
            raise ValueError(problem)
        code = secrets.token_urlsafe(24)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.server})}"

    def _authorize_problem(self, asked: dict[str, str]) -> str:
        if set(asked) != AUTHORIZE:
            return f"parameters {sorted(set(asked) ^ AUTHORIZE)}"
        if (asked["client_id"], asked["redirect_uri"], asked["response_type"]) != (self.client_id, self.callback, "code"):
            return "client"
        if set(asked["scope"].split()) != SCOPES:
            return "scope"
        return "short" if min(len(asked["state"]), len(asked["nonce"])) < SHORTEST else ""

    def logout(self, address: str) -> str:
        """Where the browser is sent after the end of the session. Raises ValueError on a refusal."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if not address.startswith(f"{self.server}/session/end?") or set(asked) != LOGOUT:
            raise ValueError("parameters")
        hint = jwt.decode(asked["id_token_hint"], self.key.public_key(), algorithms=["RS256"], audience=self.client_id)
        if hint["sub"] != self.person["sub"] or asked["post_logout_redirect_uri"] != self.after_logout or len(asked["state"]) < SHORTEST:
            raise ValueError("logout")
        return f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}"

    def token(self, body: dict[str, str]) -> tuple[int, str, bytes]:
        asked = self.codes.pop(body.get("code", ""), None)
        problem = (
            (set(body) != TOKEN and f"parameters {sorted(set(body) ^ TOKEN)}")
            or ((body["client_id"], body["client_secret"]) != (self.client_id, self.secret) and "client")
            or (body["grant_type"] != "authorization_code" and "grant")
            or ((asked is None or asked["redirect_uri"] != body["redirect_uri"]) and "code")
        )
        if problem:
            self.refusals.append(problem)
            return 400, "application/json", json.dumps({"error": "invalid_request", "error_description": problem}).encode()
        assert asked is not None
        access = secrets.token_urlsafe(32)
        self.tokens[access] = asked
        nonce = "x" * 48 if "nonce" in self.twist else asked["nonce"]
        claims = {"sub": self.person["sub"], "nonce": nonce, "acr": "eidas1", "amr": ["pwd"]}
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": self._sign("id_token", claims)}
        return 200, "application/json", json.dumps(answer).encode()

    def userinfo(self, authorization: str) -> tuple[int, str, bytes]:
        if authorization.removeprefix("Bearer ") not in self.tokens or not authorization.startswith("Bearer "):
            self.refusals.append("bearer")
            return 401, "application/json", b"{}"
        claims = self.person | ({"sub": "someone-else"} if "sub" in self.twist else {})
        if "plain" in self.twist:
            return 200, "application/json", json.dumps(claims).encode()
        return 200, "application/jwt", self._sign("userinfo", claims).encode()

    def jwks(self) -> tuple[int, str, bytes]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return 200, "application/json", json.dumps({"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}).encode()

    def _sign(self, what: str, claims: dict[str, Any]) -> str:
        now = int(time.time())
        issuer = "https://mechant.example" if f"{what}:iss" in self.twist else self.server
        audience = "another-client" if f"{what}:aud" in self.twist else self.client_id
        ends = now - 600 if f"{what}:exp" in self.twist else now + 60
        claims = claims | {"iss": issuer, "aud": audience, "iat": now - 700 if ends < now else now, "exp": ends}
        if f"{what}:none" in self.twist:
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "one"})
        if f"{what}:hmac" in self.twist:
            public = json.dumps(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)).encode()
            return jwt.encode(claims, base64.b64encode(public), algorithm="HS256", headers={"kid": "one"})
        key = self.other_key if f"{what}:signature" in self.twist else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "two" if f"{what}:kid" in self.twist else "one"})


def _handler(idp: FakeProConnect) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            is_form = self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
            is_form = is_form and "Authorization" not in self.headers and urlsplit(self.path).query == ""
            self._answer(idp.token(body) if self.path == "/api/v2/token" and is_form else (404, "text/plain", b""))

        def do_GET(self) -> None:
            doors = {
                "/api/v2/userinfo": lambda: idp.userinfo(self.headers.get("Authorization", "")),
                "/api/v2/jwks": idp.jwks,
            }
            self._answer(doors[self.path]() if self.path in doors else (404, "text/plain", b""))

        def _answer(self, answer: tuple[int, str, bytes]) -> None:
            status, kind, content = answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """The server says nothing on the terminal of the tests."""

    return Handler
