"""/api/auth/me and /api/auth/password/reset: delete or export an account, or reset its password."""

from __future__ import annotations

from flask import Response, g

from app.account.deletion import AccountDeletion
from app.account.export import AccountExport
from app.account.password_reset import PasswordResets, ResetLinkInvalid
from app.account.schemas import AccountDeletionSchema, PasswordResetSchema
from app.auth.cookies import clear_refresh_cookie
from app.auth.permissions import LastOperator
from app.content.export.names import content_disposition
from app.errors import NotFound
from app.http.blueprint import ApiBlueprint, plain, public
from app.services import service

ARCHIVE = "my-data.zip"

blueprint = ApiBlueprint("account", __name__, url_prefix="/api/auth", description="Your own data")


@blueprint.route("/me", methods=["DELETE"])
@blueprint.arguments(AccountDeletionSchema)
@blueprint.answers(204, raises=(NotFound, LastOperator))
def delete_account(body: dict[str, str]) -> None:
    """Permanently delete your account and all its data. A wrong password is 422.

    Deletes texts with their versions, templates, batches, usage, sessions, keys and webhooks. Running generations are
    stopped, and sockets and streams are closed within two seconds.
    """
    service(AccountDeletion).delete(g.user_id, body["password"])
    clear_refresh_cookie()


@blueprint.route("/me/export", methods=["GET"])
@plain({"application/zip": {"schema": {"type": "string", "format": "binary"}}}, raises=(NotFound,))
def export_account() -> Response:
    """Download all your data as a zip: profile, texts, versions, templates, batches, usage, keys, webhooks, sessions.

    Texts, including those in the trash, are exported as JSON and as Markdown. Secrets and hashes are left out.
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
    """Set a new password with a reset link from the operator. All sessions and API keys are revoked.

    A link can be used once, within an hour, and only until a newer one is created; otherwise the response is 422
    `reset_link_invalid`.
    """
    service(PasswordResets).reset(body["token"], body["new_password"])
