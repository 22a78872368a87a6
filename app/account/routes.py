"""/api/auth/me and /api/auth/password/reset: an account taken away, deleted, or opened again."""

from __future__ import annotations

from flask import Response, g

from app.account.deletion import AccountDeletion
from app.account.export import AccountExport
from app.account.password_reset import PasswordResets, ResetLinkInvalid
from app.account.schemas import AccountDeletionSchema, PasswordResetSchema
from app.auth.cookies import clear_refresh_cookie
from app.auth.standing import LastOperator
from app.content.export.names import content_disposition
from app.errors import NotFound
from app.http.blueprint import ApiBlueprint, plain, public
from app.services import service

ARCHIVE = "my-data.zip"

blueprint = ApiBlueprint("account", __name__, url_prefix="/api/auth", description="One's own data")


@blueprint.route("/me", methods=["DELETE"])
@blueprint.arguments(AccountDeletionSchema)
@blueprint.answers(204, raises=(NotFound, LastOperator))
def delete_account(body: dict[str, str]) -> None:
    """Delete your account with everything in it, for good; a wrong password is 422.

    Texts with their versions, templates, batches, usage, sessions, keys and webhooks are gone. What is being written is
    stopped, and sockets and streams end within two seconds.
    """
    service(AccountDeletion).delete(g.user_id, body["password"])
    clear_refresh_cookie()


@blueprint.route("/me/export", methods=["GET"])
@plain({"application/zip": {"schema": {"type": "string", "format": "binary"}}}, raises=(NotFound,))
def export_account() -> Response:
    """Everything of yours as a zip: profile, texts with versions, templates, batches, usage, keys, webhooks, sessions.

    Texts are there as JSON and as Markdown, also those in the trash. Secrets and hashes are not.
    """
    pieces = service(AccountExport).archive(g.user_id)
    response = Response(pieces, content_type="application/zip")
    response.headers["Content-Disposition"] = content_disposition(ARCHIVE)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.route("/password/reset", methods=["POST"])
@blueprint.arguments(PasswordResetSchema)
@blueprint.answers(200, None, "Password changed successfully", raises=(ResetLinkInvalid,))
@public
def reset_password(body: dict[str, str]) -> None:
    """Set a new password with the one-time link of the person who runs the server; all sessions and API keys end.

    A link works once, for an hour, and until there is a newer one; after that it is 422 `reset_link_invalid`.
    """
    service(PasswordResets).reset(body["token"], body["new_password"])
