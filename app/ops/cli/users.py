"""`flask user …`: lets an operator create, disable and enable accounts."""

from __future__ import annotations

import secrets

import click
from marshmallow import ValidationError

from app.auth.models import Session, User
from app.auth.passwords import PasswordHasher, run_here
from app.auth.schemas import RegistrationSchema
from app.ops.cli.command import Failed, OperatorCommand, answer, settings

GENERATED_BYTES = 15


@click.group()
def user() -> None:
    """Create, disable and enable accounts."""


@user.command("create", cls=OperatorCommand)
@click.argument("email")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--generate-password", is_flag=True, help="Make a password and print it, instead of asking for one.")
def create(email: str, first_name: str, last_name: str, generate_password: bool) -> None:
    """Create an account. The rules are the same as for registering."""
    password = _generated() if generate_password else _asked()
    body = {"email": email, "password": password, "firstName": first_name, "lastName": last_name}
    try:
        values = RegistrationSchema().load(body)
    except ValidationError as error:
        messages = error.normalized_messages()
        raise Failed("; ".join(f"{name}: {texts[0]}" for name, texts in messages.items())) from None
    hashed = PasswordHasher(settings().bcrypt_rounds, run_here).hash(values.pop("password"))
    made = User.register(**values, password_hash=hashed)
    shown = {"ok": True, "id": str(made.id), "email": made.email}
    lines = [f"created {made.email} ({made.id})"]
    if generate_password:
        shown["password"] = password
        lines.append(f"password: {password}")
    answer(shown, lines)


@user.command("disable", cls=OperatorCommand)
@click.argument("email")
def disable(email: str) -> None:
    """Disable an account: no login, no refresh, and every session ends. Nothing is deleted."""
    closed = _set_disabled(email, disabled=True)
    Session.revoke_all(closed.id)
    answer({"ok": True, "id": str(closed.id), "disabled": True}, [f"disabled {closed.email}: its sessions have ended"])


@user.command("enable", cls=OperatorCommand)
@click.argument("email")
def enable(email: str) -> None:
    """Enable a disabled account. Its owner has to log in again."""
    opened = _set_disabled(email, disabled=False)
    answer({"ok": True, "id": str(opened.id), "disabled": False}, [f"enabled {opened.email}"])


def _set_disabled(email: str, *, disabled: bool) -> User:
    found = User.set_disabled(email, disabled=disabled)
    if found is None:
        raise Failed(f"Nobody has the email {email}.")
    return found


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _generated() -> str:
    """A random password that meets the rules: 120 random bits, and one character of each required kind."""
    return f"{secrets.token_urlsafe(GENERATED_BYTES)}aA1"
