"""Errors of rewrites; a branch of the tree in app.errors."""

from __future__ import annotations

from app.errors import Conflict


class TextChanged(Conflict):
    code = "text_changed"
    default_message = "The passage has changed or moved - select it again"


class RewriteNotReady(Conflict):
    code = "rewrite_not_ready"
    default_message = "The rewrite is not completed - wait for it, or request it again"
