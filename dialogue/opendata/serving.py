"""What the API, the files and the widgets have in common: the same answer for everyone, asked anew only when something changed.

The session is not read (`request.user` is the public), no cookie is set, other sites may read (CORS), an unchanged answer is a 304
that costs one query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from threading import Lock
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, parse_etags
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from dialogue.opendata import limits, version
from dialogue.opendata.problems import problem

View = Callable[..., HttpResponseBase]
ASKED = "If-None-Match, If-Modified-Since, Accept"
TOLD = "ETag, Last-Modified, Link, Retry-After, RateLimit, RateLimit-Policy"
#: How long a browser may remember that it may ask, in seconds.
REMEMBERED = 86_400
READING = ("GET", "HEAD", "OPTIONS")
#: Small answers that this process remembers under their mark, which changes with any act: 16 MB at most.
MOST_KEPT, LARGEST_KEPT = 256, 65_536
_kept: dict[str, tuple[bytes, str]] = {}
_lock = Lock()


def for_everyone(*methods: str, limited: bool = True, ages: bool = False) -> Callable[[View], View]:
    """`methods`: what the view answers besides GET, HEAD and OPTIONS. `ages`: the answer changes with the hour too."""
    allowed = (*READING, *methods)

    def decorate(view: View) -> View:
        @csrf_exempt  # no session is read: a write needs a token
        @wraps(view)
        def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.user = AnonymousUser()
            with override("fr"):
                return _open(request, _answer(request, view, allowed, limited, ages, args, kwargs))

        return served

    return decorate


def _answer(
    request: HttpRequest, view: View, allowed: Iterable[str], limited: bool, ages: bool, args: Any, kwargs: Any
) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(allowed)})
    allowance = limits.count(request) if limited else None
    if allowance is not None and allowance.is_spent:
        detail = f"{allowance.limit} demandes par minute au plus : réessayez dans {allowance.seconds} secondes."
        return problem(429, detail, headers=allowance.headers | {"Retry-After": str(allowance.seconds)})
    if request.method not in allowed:
        response: HttpResponseBase = problem(405, "Méthodes acceptées : " + ", ".join(allowed) + ".")
        response["Allow"] = ", ".join(allowed)
    elif request.method in {"GET", "HEAD"}:
        response = _read(request, view, ages, args, kwargs)
    else:
        response = view(request, *args, **kwargs)
    for name, value in (allowance.headers if allowance else {}).items():
        response[name] = value
    return response


def _read(request: HttpRequest, view: View, ages: bool, args: Any, kwargs: Any) -> HttpResponseBase:
    known = version.current()
    hour = f"{request.now:%Y%m%d%H} " if ages else ""  # type: ignore[attr-defined]
    said = f"{known.key} {hour}{request.get_full_path()}"
    # Weak: what is sent may be compressed or not.
    etag = f'W/"{hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]}"'
    modified = int(known.at.timestamp()) if known.at and not ages else None
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        # It was answered with this very mark: nothing changed since.
        return _marked(HttpResponseNotModified(), etag, modified)
    kept = _kept.get(etag)
    if kept is not None:
        response: Any = HttpResponse(kept[0], content_type=kept[1])
    else:
        method, request.method = request.method, "GET"
        try:
            response = view(request, *args, **kwargs)
        finally:
            request.method = method
        _keep(etag, response)
    if response.status_code == 200:  # noqa: PLR2004
        _marked(response, etag, modified)
        response = get_conditional_response(request, etag=etag, last_modified=modified, response=response) or response
        _marked(response, etag, modified)
    return _without_body(response) if request.method == "HEAD" else response


def _keep(etag: str, response: Any) -> None:
    if response.status_code != 200 or response.streaming or len(response.content) > LARGEST_KEPT:  # noqa: PLR2004
        return
    with _lock:
        while len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[etag] = (response.content, response["Content-Type"])


def forget() -> None:
    """What this process remembers; for tests, whose factories leave no line in the register."""
    version.forget()
    with _lock:
        _kept.clear()


def _marked(response: Any, etag: str, modified: int | None) -> Any:
    response["ETag"] = etag
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _without_body(response: Any) -> HttpResponseBase:
    """The same headers, the length included where it is known."""
    if response.streaming:
        # Not begun: nothing was read for it.
        return HttpResponse(status=response.status_code, headers=dict(response.headers))
    length = len(response.content)
    response.content = b""
    response["Content-Length"] = str(length)
    return response


def _open(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response["Access-Control-Allow-Origin"] = "*"
    response["Content-Language"] = "fr"
    response["Access-Control-Expose-Headers"] = TOLD
    if request.method == "OPTIONS":
        response["Access-Control-Allow-Methods"] = ", ".join(READING)
        response["Access-Control-Allow-Headers"] = ASKED
        response["Access-Control-Max-Age"] = str(REMEMBERED)
    return response


def in_french(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """A stream is read once the view is left: the language is said again for each block."""
    reading = iter(blocks)
    while True:
        with override("fr"):
            block = next(reading, None)
        if block is None:
            return
        yield block
