"""What is left of a person's day, in the answer to each request that takes from it."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

from app.clock import utcnow
from app.database import OUTAGES
from app.http.blueprint import is_costly
from app.http.limit_headers import Standing, announce
from app.quotas.limits import next_day, seconds_until
from app.quotas.service import Quotas
from app.services import service

DAY_SECONDS = 86_400


def init_app(app: Flask) -> None:
    """Announces the daily limit with the answers of views that cost. Does nothing for a person who has none."""

    @app.after_request
    def tell(response: Response) -> Response:
        view = current_app.view_functions.get(request.endpoint or "")
        if is_costly(view) and (user_id := g.get("user_id")):
            try:
                announce(response, _standings(user_id))
            except OUTAGES:
                return response
        return response


def _standings(user_id: str) -> list[Standing]:
    daily, now = service(Quotas).daily(user_id), utcnow()
    if daily is None:
        return []
    left = seconds_until(next_day(now), now)
    return [Standing("daily-generations", daily["limit"], DAY_SECONDS, daily["remaining"], left)]
