"""Validation across several settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

SECRET_BYTES = 32
DEVELOPMENT_SECRETS = {
    "jwt_secret": "development-only-access-secret-do-not-use-in-production",
    "jwt_refresh_secret": "development-only-refresh-secret-do-not-use-in-production",
}


class SettingChecks(Schema):
    """The rules that concern several variables, or only production."""

    @validates_schema(skip_on_field_errors=False)
    def check_secrets(self, data: dict[str, Any], **_: Any) -> None:
        """In production the secrets have no defaults. They must be long enough and differ from each other."""
        problems: dict[str, list[str]] = {}
        production = data.get("app_env", "production") == "production"
        for name in DEVELOPMENT_SECRETS:
            secret = data.get(name, "")
            if production and (not secret or secret in DEVELOPMENT_SECRETS.values()):
                problems[name] = [f"must be set in production, to a random secret of at least {SECRET_BYTES} bytes."]
            elif secret and len(secret.encode()) < SECRET_BYTES:
                problems[name] = [f"is too short: use a random secret of at least {SECRET_BYTES} bytes."]
        if data.get("jwt_secret") and data.get("jwt_secret") == data.get("jwt_refresh_secret"):
            problems["jwt_refresh_secret"] = ["must differ from JWT_SECRET."]
        if problems:
            raise ValidationError(problems)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def check_required_in_production(self, data: dict[str, Any], original: Mapping[str, str], **_: Any) -> None:
        """In production, the URLs of both servers are required."""
        if data.get("app_env") != "production":
            return
        missing = [name for name in ("MONGO_URI", "REDIS_URL") if not original.get(name)]
        if missing:
            raise ValidationError({name.lower(): ["must be set in production."] for name in missing})
