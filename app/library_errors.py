"""Errors of the library; a branch of the tree in app.errors."""

from __future__ import annotations

from app.errors import Conflict


class NotInTrash(Conflict):
    code = "not_in_trash"
    default_message = "Only contents in the trash can be restored or deleted permanently"


class BuiltInTemplate(Conflict):
    code = "template_built_in"
    default_message = "A built-in template cannot be changed - make one of your own from it"


class TooManyTemplates(Conflict):
    code = "too_many_templates"
    default_message = "You already have 200 templates - delete one first"


class BatchFinished(Conflict):
    code = "batch_finished"
    default_message = "This batch has already finished"


class BatchUnfinished(Conflict):
    code = "batch_unfinished"
    default_message = "This batch has not ended yet - wait for it, or cancel it first"


class TooManyBatches(Conflict):
    code = "too_many_batches"
    default_message = "Three of your batches are unfinished - wait for one to finish, or cancel one"
