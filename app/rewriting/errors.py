"""What can go wrong with a rewrite; a branch of the tree in app.errors."""

from __future__ import annotations

from app.errors import Conflict


class TextChanged(Conflict):
    code = "text_changed"
    default_message = "The passage does not stand there any more - select it again"


class RewriteNotReady(Conflict):
    code = "rewrite_not_ready"
    default_message = "There is no new passage to accept - wait for it, or ask again"
