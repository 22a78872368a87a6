"""Field types for settings: durations, origins, rates, prices and server URLs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from marshmallow import ValidationError, fields

DEAREST = 100_000
"""The highest accepted price per million tokens, in US dollars."""
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Duration(fields.Field[timedelta]):
    """A duration as JWT libraries write it: `15m`, `7d`, `3600` (seconds)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> timedelta:
        match = re.fullmatch(r"(\d{1,9})\s*([smhd]?)", str(value).strip())
        if not match or int(match[1]) == 0:
            raise ValidationError("must be a duration such as 30s, 15m, 12h or 7d.")
        return timedelta(seconds=int(match[1]) * _UNITS[match[2] or "s"])


class Origins(fields.Field[tuple[str, ...]]):
    """Comma-separated origins such as `https://app.example.com,http://localhost:5173`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, ...]:
        origins = tuple(part.strip().rstrip("/") for part in str(value).split(",") if part.strip())
        if not all(_is_origin(origin) for origin in origins):
            raise ValidationError("must be origins such as https://app.example.com, separated by commas.")
        return origins


def _is_origin(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return text == f"{url.scheme}://{url.netloc}" and url.scheme in {"http", "https"} and "@" not in url.netloc


class Rate(fields.String):
    """A rate as Flask-Limiter reads it: `10/minute`, `20/hour`, `5/10 seconds`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip().lower()
        if not re.fullmatch(r"[1-9]\d{0,8}\s*/\s*([1-9]\d{0,4}\s*)?(second|minute|hour|day)s?", text):
            raise ValidationError("must be a rate such as 10/minute, 20/hour or 5/10 seconds.")
        return text


class PriceList(fields.Field[Mapping[str, tuple[float, float]]]):
    """Input and output prices by model, as JSON: `{"gemini-3.5-flash-lite": {"input": 0.3, "output": 2.5}}`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, tuple[float, float]]:
        try:
            given = json.loads(value)
            return {str(model): _price(each) for model, each in given.items()}
        except (ValueError, TypeError, AttributeError, KeyError):
            raise ValidationError(
                'must be JSON such as {"gemini-3.5-flash-lite": {"input": 0.3, "output": 2.5}}, per million tokens.'
            ) from None


def _price(given: Mapping[str, float]) -> tuple[float, float]:
    """Raises ValueError, TypeError or KeyError for an invalid price."""
    if set(given) != {"input", "output"} or not all(isinstance(each, int | float) for each in given.values()):
        raise ValueError
    price = float(given["input"]), float(given["output"])
    if not all(0 <= each <= DEAREST for each in price):  # also rejects NaN
        raise ValueError
    return price


class ServerUrl(fields.String):
    """A URL whose scheme is one of `schemes`. Errors do not quote the URL, which may contain a password."""

    def __init__(self, *schemes: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schemes = schemes

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        try:
            url = urlsplit(text)
            if "@" in f"{url.path}{url.query}{url.fragment}":
                raise ValidationError("has a special character in its user or password: percent-encode it (/ is %2F).")
            usable = url.scheme in self.schemes and bool(url.netloc or url.path) and _has_usable_port(url)
        except ValueError:
            usable = False
        if not usable:
            expected = " or ".join(f"{scheme}://" for scheme in self.schemes)
            raise ValidationError(f"must be an address that starts with {expected}, with a number as its port.")
        return text


def _has_usable_port(url: SplitResult) -> bool:
    """Raises ValueError if the port is not a number. MongoDB's lists of hosts are validated by pymongo."""
    return "," in url.netloc or url.port is None or url.port > 0
