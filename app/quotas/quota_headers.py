"""Adds the state of the daily quota to the response of each request that counts towards it."""

from __future__ import annotations

from http import HTTPStatus

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
    """Adds the rate limit headers of the daily quota to the responses of costly views, for users who have one.

    Not to a 503, which would be late if it waited for MongoDB again.
    """

    @app.after_request
    def tell(response: Response) -> Response:
        view = current_app.view_functions.get(request.endpoint or "")
        unavailable = response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        if is_costly(view) and not unavailable and (user_id := g.get("user_id")):
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
