"""Builds the account services, which share one password hasher."""

from __future__ import annotations

from collections.abc import Mapping

from redis import Redis

from app.account.deletion import AccountDeletion, AccountErasure, PersonEraser
from app.account.export import AccountExport
from app.account.password_reset import PasswordResets
from app.auth.passwords import Offload, PasswordHasher
from app.auth.service import AuthService
from app.auth.tokens import RefreshTokens
from app.config import Settings


def account_services(
    settings: Settings, redis: Redis, erasers: Mapping[str, PersonEraser], offload: Offload
) -> tuple[object, ...]:
    passwords = PasswordHasher(settings.bcrypt_rounds, offload)
    erasure = AccountErasure(redis, erasers, settings.jwt_expiration)
    return (
        AuthService(passwords, RefreshTokens(settings)),
        AccountDeletion(passwords, erasure),
        AccountExport(offload),
        PasswordResets(passwords),
    )
