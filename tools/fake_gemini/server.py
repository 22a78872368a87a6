"""The stand-in's routes: Gemini's REST endpoints, and the control endpoints for tests."""

from __future__ import annotations

import socket
import time
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from tools.fake_gemini import wire
from tools.fake_gemini.script import Scene, Step, read_script
from tools.fake_gemini.streaming import ClientGone, as_array, as_events, await_release, finishing, hang_up, paced, pause
from tools.fake_gemini.texts import demonstration

_JSON = "application/json; charset=UTF-8"
_NO_KEY = "The request carries no API key, and callers without one are not served."
_BAD_KEY = "API key not valid. Please pass a valid API key."

gemini = Blueprint("gemini", __name__, url_prefix="/v1beta")
control = Blueprint("control", __name__, url_prefix="/__standin__")


class Standin:
    """Holds the current scene. A reset replaces it."""

    def __init__(self, delay_ms: float = 0, piece_ms: float = 0) -> None:
        self._delays = (delay_ms, piece_ms)
        self.scene = Scene(*self._delays)

    def reset(self) -> None:
        ended, self.scene = self.scene, Scene(*self._delays)
        ended.over.set()


def create_standin(delay_ms: float = 0, piece_ms: float = 0) -> Flask:
    """Returns the application.

    Every answer begins after `delay_ms`, and each chunk takes `piece_ms`, unless a script or the defaults override it.
    """
    app = Flask(__name__)
    app.extensions["standin"] = Standin(delay_ms, piece_ms)
    app.register_blueprint(gemini)
    app.register_blueprint(control)
    app.register_error_handler(HTTPException, _render_http_error)
    app.before_request(_read_body)
    return app


@gemini.before_request
def check_key() -> Response | None:
    """Like Gemini, returns 403 without a key and 400, not 401, for an invalid one."""
    key = _key()
    if not key:
        return _error(403, _NO_KEY)
    if key.startswith("invalid"):
        return _error(400, _BAD_KEY, "API_KEY_INVALID")
    return None


@gemini.get("/models")
def list_models() -> Response:
    """Lists the models on one page."""
    return _json({"models": [wire.model_card(name) for name in wire.MODELS]})


@gemini.get("/models/<model>")
def show_model(model: str) -> Response:
    """Returns one model. Any name that starts with `gemini-` exists."""
    return _json(wire.model_card(model)) if _exists(model) else _no_such_model(model)


@gemini.post("/models/<model>:generateContent")
def generate(model: str) -> Response:
    """Returns the answer in one response."""
    return _generate(model, streamed=False)


@gemini.post("/models/<model>:streamGenerateContent")
def generate_stream(model: str) -> Response:
    """Streams the answer as a JSON array, or as server-sent events with `alt=sse`."""
    return _generate(model, streamed=True)


@control.post("/script")
def add_script() -> Response:
    """Adds a script; returns 400 with the reason if it is invalid."""
    try:
        _standin().scene.add(read_script(orjson.loads(request.get_data())))
    except ValueError as error:
        return _error(400, str(error))
    return _json({})


@control.get("/calls")
def list_calls() -> Response:
    """Lists the generate calls since the last reset."""
    return _json(_standin().scene.report(request.args.get("match", ""), request.args.get("limit", type=int)))


@control.post("/defaults")
def set_defaults() -> Response:
    """Sets the default delay of answers and of chunks."""
    given = {"pieceMs": 0} | (orjson.loads(request.get_data() or b"{}") or {})
    for name in ("delayMs", "pieceMs"):
        value = given.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            return _error(400, f"{name} is a number of milliseconds")
    _standin().scene.delay_ms, _standin().scene.piece_ms = given["delayMs"], given["pieceMs"]
    return _json({})


@control.post("/release")
def release() -> Response:
    """Releases held calls."""
    given = orjson.loads(request.get_data() or b"{}")
    match = given.get("match") if isinstance(given, dict) else None
    if not isinstance(match, str):
        return _error(400, "match is a text")
    _standin().scene.release(match)
    return _json({})


@control.post("/reset")
def reset() -> Response:
    """Clears all state and ends every waiting call."""
    _standin().reset()
    return _json({})


def _generate(model: str, *, streamed: bool) -> Response:
    if not _exists(model):
        return _no_such_model(model)
    try:
        prompt = wire.read_prompt(model, request.get_data())
    except (ValueError, AttributeError, TypeError) as error:
        return _error(400, f"Invalid JSON payload received. {error}")
    scene = _standin().scene
    call, step = scene.begin(prompt, _key())
    try:
        _wait(scene, step, prompt.user_text)
    except ClientGone:
        scene.finish(call, None)
        hang_up(_connection())
        return Response(status=500)
    response = _respond(prompt, step, streamed=streamed)
    if response.is_streamed:
        response.response = finishing(scene, call, response.response)
    else:
        scene.finish(call, response.status_code)
    return response


def _read_body() -> None:
    """Reads the body of every request, so that the connection can be reused whatever the response is."""
    request.get_data()


def _wait(scene: Scene, step: Step, user_text: str) -> None:
    """Waits for the step's release and delay. Raises ClientGone if the client disconnects."""
    if step.hold:
        await_release(scene, user_text, _connection())
    delay_ms = scene.delay_ms if step.delay_ms is None else step.delay_ms
    deadline = float("inf") if step.hang else time.monotonic() + delay_ms / 1000
    pause(scene, deadline, _connection())
    if step.hang or step.drop:
        raise ClientGone


def _respond(prompt: wire.Prompt, step: Step, *, streamed: bool) -> Response:
    if step.body is not None:
        return Response(step.body, step.status or 200, content_type=_JSON)
    if step.status is not None:
        return _error(step.status, step.message, step.reason, step.retry_after, step.quota)
    if step.malformed:
        return Response("<html>the stand-in was told to answer nonsense", 200, content_type=_JSON)
    body = _answer(prompt, step)
    if step.thoughts and body.get("candidates"):
        body = wire.with_thoughts(body, step.thoughts)
    if not streamed:
        return _json(body)
    pieces = paced(wire.pieces(body), step, _standin().scene, prompt.user_text, _connection())
    if request.args.get("alt") == "sse":
        return Response(as_events(pieces), content_type="text/event-stream")
    return Response(as_array(pieces), content_type=_JSON)


def _answer(prompt: wire.Prompt, step: Step) -> wire.Json:
    encoding = wire.Encoding(numbers="enum-encoding=int" in request.args.get("$alt", ""))
    if step.blocked == "prompt":
        return wire.blocked_prompt(prompt, encoding)
    if step.blocked == "answer":
        return wire.answer(prompt, "", "SAFETY", encoding)
    if step.empty or (step.finish_reason and step.text is None):
        return wire.answer(prompt, "", step.finish_reason or "STOP", encoding)
    if step.text is not None:
        return wire.answer(prompt, step.text, step.finish_reason or "STOP", encoding)
    text = demonstration(prompt)
    limit = len(text) // 2 if step.cut_off else len(text)
    limit = min(limit, prompt.max_characters or limit)
    return wire.answer(prompt, text[:limit], "MAX_TOKENS" if limit < len(text) else "STOP", encoding)


def _connection() -> socket.socket | None:
    return request.environ.get("gunicorn.socket")


def _standin() -> Standin:
    standin: Standin = current_app.extensions["standin"]
    return standin


def _key() -> str:
    return request.headers.get("x-goog-api-key") or request.args.get("key") or ""


def _exists(model: str) -> bool:
    return model.startswith("gemini-")


def _no_such_model(model: str) -> Response:
    return _error(404, f"models/{model} is not found for API version v1beta.")


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, content_type=_JSON)


def _error(
    code: int, message: str, reason: str | None = None, retry_after: float | None = None, quota: str | None = None
) -> Response:
    response = _json(wire.error(code, message, reason, retry_after, quota), code)
    if retry_after is not None:
        response.headers["Retry-After"] = f"{retry_after:g}"
    return response


def _render_http_error(error: HTTPException) -> Response:
    return _error(error.code or 500, error.description or error.name)
