"""`flask user …`: creates, disables and enables accounts, appoints operators, and creates password reset links."""

from __future__ import annotations

import secrets

import click
from marshmallow import ValidationError

from app.account.password_reset import link_for
from app.admin.document import COMMAND, AuditEntry
from app.auth import permissions
from app.auth.models import User
from app.auth.passwords import PasswordHasher, run_here
from app.auth.schemas import RegistrationSchema
from app.config import VITE_ORIGIN, Settings
from app.ops.cli.command import Failed, OperatorCommand, answer, settings

GENERATED_BYTES = 15


@click.group()
def user() -> None:
    """Create, disable and enable accounts, and make people operators."""


@user.command("create", cls=OperatorCommand)
@click.argument("email")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--admin", is_flag=True, help="Make the person an operator, who sees the pages at /admin.")
@click.option("--generate-password", is_flag=True, help="Make a password and print it, instead of asking for one.")
def create(email: str, first_name: str, last_name: str, generate_password: bool, admin: bool) -> None:
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
    AuditEntry.note(COMMAND, "user.created", made.id)
    if admin:
        _promote(made)
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
    closed = _known(email)
    AuditEntry.note(COMMAND, "user.disabled", closed.id)
    permissions.disable(closed.id)
    answer({"ok": True, "id": str(closed.id), "disabled": True}, [f"disabled {closed.email}: its sessions have ended"])


@user.command("enable", cls=OperatorCommand)
@click.argument("email")
def enable(email: str) -> None:
    """Enable a disabled account. Its owner has to log in again."""
    opened = _known(email)
    AuditEntry.note(COMMAND, "user.enabled", opened.id)
    permissions.enable(opened.id)
    answer({"ok": True, "id": str(opened.id), "disabled": False}, [f"enabled {opened.email}"])


@user.command("promote", cls=OperatorCommand)
@click.argument("email")
def promote(email: str) -> None:
    """Make a person an operator, who sees and changes accounts, limits and failures in the app."""
    found = _known(email)
    _promote(found)
    answer({"ok": True, "id": str(found.id), "role": permissions.ADMIN}, [f"{found.email} is an operator"])


@user.command("demote", cls=OperatorCommand)
@click.argument("email")
def demote(email: str) -> None:
    """Make an operator an ordinary person again. The last one stays."""
    found = _known(email)
    AuditEntry.note(COMMAND, "user.demoted", found.id)
    permissions.demote(found.id)
    answer({"ok": True, "id": str(found.id), "role": "user"}, [f"{found.email} is no operator any more"])


@user.command("reset-password", cls=OperatorCommand)
@click.argument("email")
@click.option(
    "--origin",
    help="Where people open the app, such as https://texts.example.com. Otherwise the first address in CLIENT_URL, or"
    " http://localhost:PORT in development.",
)
def reset_password(email: str, origin: str | None) -> None:
    """Print a link with which this person can set a new password: once, within an hour. An older link stops working."""
    origin = origin or usual_origin(settings())
    found = _known(email)
    AuditEntry.note(COMMAND, "user.reset-link", found.id)
    link = link_for(found, origin)
    answer({"ok": True, "id": str(found.id), "link": link}, [f"for {found.email}, once, within an hour:", link])


def usual_origin(known: Settings) -> str:
    """Returns where people open the app, which need not be Vite's server. Raises Failed if it cannot be known."""
    origins = [each for each in known.client_url if each != VITE_ORIGIN]
    if not origins and known.production:
        raise Failed("Say where people open the app: --origin https://texts.example.com, or set CLIENT_URL to it.")
    return origins[0] if origins else f"http://localhost:{known.port}"


def _promote(found: User) -> None:
    AuditEntry.note(COMMAND, "user.promoted", found.id)
    permissions.promote(found.id)


def _known(email: str) -> User:
    found = User.with_email(email)
    if found is None:
        raise Failed(f"Nobody has the email {email}.")
    return found


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _generated() -> str:
    """Returns a random password that meets the rules: 120 random bits, and one character of each required kind."""
    return f"{secrets.token_urlsafe(GENERATED_BYTES)}aA1"
