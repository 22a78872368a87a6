"""Errors of the library: more leaves of the tree in app.errors."""

from __future__ import annotations

from app.errors import Conflict


class NotInTrash(Conflict):
    code = "not_in_trash"
    default_message = "Only what is in the trash can be removed for good or taken back"
