"""What is asked once a request."""

from __future__ import annotations

from flask import Flask

from app.http.request_context import once_a_request


def test_an_answer_is_kept_until_the_end_of_the_request() -> None:
    asked: list[str] = []
    ask = once_a_request(lambda about: asked.append(about) or about.upper())  # type: ignore[func-returns-value]  # None
    app = Flask(__name__)
    for _ in range(2):
        with app.test_request_context():
            assert [ask("anna"), ask("ben"), ask("anna")] == ["ANNA", "BEN", "ANNA"]
    assert asked == ["anna", "ben"] * 2
    assert [ask("anna"), ask("anna")] == ["ANNA", "ANNA"]
    assert asked[4:] == ["anna", "anna"]
