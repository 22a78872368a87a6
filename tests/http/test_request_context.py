"""Values that are looked up once per request."""

from __future__ import annotations

from flask import Flask

from app.http.request_context import OnceARequest


def test_a_value_is_cached_until_the_end_of_the_request() -> None:
    asked: list[str] = []

    def answer(about: str) -> str:
        asked.append(about)
        return about.upper()

    ask = OnceARequest(answer)
    app = Flask(__name__)
    for _ in range(2):
        with app.test_request_context():
            assert [ask("anna"), ask("ben"), ask("anna")] == ["ANNA", "BEN", "ANNA"]
    assert asked == ["anna", "ben"] * 2
    assert [ask("anna"), ask("anna")] == ["ANNA", "ANNA"]
    assert asked[4:] == ["anna", "anna"]


def test_a_known_value_is_not_looked_up() -> None:
    ask = OnceARequest(str.upper)
    ask.note("anna", "outside a request")
    with Flask(__name__).test_request_context():
        assert ask("anna") == "ANNA"
        ask.note("ben", "somebody else")
        assert ask("ben") == "somebody else"
