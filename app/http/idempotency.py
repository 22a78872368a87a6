"""The Idempotency-Key header: the decorator `idempotent` makes a view's requests run once per key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import orjson
import pymongo
from bson import ObjectId
from flask import Response, current_app, g, request

from app.database import OUTAGES
from app.errors import AppError, MalformedRequest, Unavailable
from app.http.conditional import named_etag
from app.http.json_bodies import whole_body
from app.idempotency import Answer, Chosen, IdempotentRequest, KeyedRequest, Turn
from app.logs import get_logger

log = get_logger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
SHORTLY = 0.5
"""How long a request that failed after 4 s may wait for MongoDB again, so that it is answered within 5 s."""
_KEY = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"|([!#-~][ -~]*)')
"""A string of RFC 8941, section 3.3.3, or the same characters without the quotes."""
_ERROR = 400


def idempotent(view: View) -> View:
    """Runs each request with an Idempotency-Key once. Place it above the decorators that parse and respond.

    Pass `chosen()`, the id of what is created, to the service. If it is not fresh, the service first checks whether an
    earlier try created it.
    """

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = given_key()
        if key is None:
            return view(*args, **kwargs)
        turn = IdempotentRequest.begin(_keyed(key))
        return _replay(turn) if isinstance(turn, Answer) else _carry_out(view, turn, *args, **kwargs)

    once.is_idempotent = True  # type: ignore[attr-defined]  # a mark that functools.wraps carries along
    return once  # type: ignore[return-value]  # same signature as the view


def is_idempotent(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, "is_idempotent", False))


def chosen() -> Chosen:
    """Returns the id of what the current request creates."""
    turn: Turn | None = g.get("turn")
    return turn.chosen if turn else Chosen()


def given_key() -> str | None:
    """Returns the current request's key, sent with or without quotes. Raises MalformedRequest if it is not valid."""
    header = request.headers.get(HEADER)
    if header is None:
        return None
    found = _KEY.fullmatch(header.strip())
    key = found and (re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2])
    if not key or len(key) > LONGEST_KEY:
        raise MalformedRequest(f"{HEADER} must be 1 to {LONGEST_KEY} printable ASCII characters, such as a UUID")
    return key


def _keyed(key: str) -> KeyedRequest:
    content_id = str((request.view_args or {}).get("content_id", ""))
    return KeyedRequest(
        _digest(g.principal.sender, request.method, request.path, key),
        _digest(request.query_string.decode("latin-1"), *_sent()),
        ObjectId(g.user_id),
        ObjectId(content_id) if ObjectId.is_valid(content_id) else None,
    )


def _sent() -> list[str]:
    """Returns the request's content in a normalised form: JSON with sorted members, files by digest."""
    if request.mimetype == "multipart/form-data":
        fields = sorted(f"{name}={value}" for name, value in request.form.items(multi=True))
        files = sorted(f"{name}:{_digest_of(file.stream)}" for name, file in request.files.items(multi=True))
        return [*fields, "", *files]
    body = whole_body(request) or b"{}"
    try:
        return [orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS).decode()]
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # invalid or too deeply nested JSON is rejected later
        return [body.decode("latin-1")]


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def _digest_of(stream: Any) -> str:
    digest = hashlib.sha256(stream.read()).hexdigest()
    stream.seek(0)
    return digest


def _carry_out(view: Callable[..., Any], turn: Turn, *args: Any, **kwargs: Any) -> Response:
    g.turn = turn
    try:
        response = current_app.make_response(view(*args, **kwargs))
    except AppError as error:
        _end(IdempotentRequest.give_up if _may_have_made_something(error) else IdempotentRequest.forget, turn)
        raise
    except OUTAGES:
        with pymongo.timeout(SHORTLY):
            _end(IdempotentRequest.give_up, turn)
        raise
    except Exception:
        _end(IdempotentRequest.give_up, turn)
        raise
    if response.status_code >= _ERROR:
        _end(IdempotentRequest.forget, turn)
    else:
        _end(lambda held: IdempotentRequest.finish(held, _answer_of(response)), turn)
    return response


def _answer_of(response: Response) -> Answer:
    body, media_type = response.get_data(), str(response.mimetype)
    return Answer(response.status_code, body, media_type, response.headers.get("Location"), named_etag())


def _may_have_made_something(error: AppError) -> bool:
    return isinstance(error, Unavailable)


def _end(how: Callable[[Turn], None], turn: Turn) -> None:
    """Records the end of a turn. After an outage the turn expires, and a retry finds what was created by its id."""
    try:
        how(turn)
    except OUTAGES as error:
        log.warning("idempotency key not recorded", error=str(error)[:200])


def _replay(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, mimetype=answer.media_type)
    response.headers[REPLAYED] = "true"
    if answer.location:
        response.headers["Location"] = answer.location
    if answer.etag:
        response.headers["ETag"] = answer.etag
    return response
