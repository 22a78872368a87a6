"""Creates, lists, gets and updates contents."""

from __future__ import annotations

from typing import Any

from app.content import editing, listing, queries, versions
from app.content.document import Content
from app.content.editing import Edit
from app.content.insertion import store_once
from app.content.listing import ContentPage, ListQuery
from app.content.measuring import measured
from app.content.new_content import NewContent
from app.content.stored_size import growth_of, size_of
from app.database import collection_of
from app.errors import FieldError, InvalidInput, NotFound
from app.idempotency import Chosen
from app.outbox.relay import Relay
from app.quotas.service import Quotas


class ContentService:
    """Operations on contents, each on behalf of their owner."""

    def __init__(self, relay: Relay, quotas: Quotas) -> None:
        self._relay = relay
        self._quotas = quotas

    def create(self, user_id: str, chosen: Chosen, **values: Any) -> queries.Shown:
        """Stores a content written by hand under the chosen id. Idempotent. Raises StorageFull."""
        found = measured({**values, "_id": chosen.id, "user_id": user_id})
        content = NewContent(user_id, chosen.id, **values, **found)
        with self._quotas.room(user_id, lambda: size_of(values)):
            return store_once(content, chosen, content.insert)

    def get(self, user_id: str, content_id: str) -> queries.Shown:
        """Returns a content. Raises NotFound if it is another user's, deleted, or the id is not valid."""
        content = queries.find_own(user_id, _id=queries.content_id(content_id))
        if content is None:
            raise NotFound("Content not found")
        return content if content["checks"] is not None else _measured_late(content)

    def list_page(self, user_id: str, query: ListQuery) -> ContentPage:
        """Returns a page of a list. Raises CursorMismatch for a cursor of another sort order."""
        return listing.page_of(user_id, query)

    def tags(self, user_id: str) -> list[dict[str, Any]]:
        """Returns the user's tags with their counts, most used first."""
        return queries.tags_of(user_id)

    def update(self, edit: Edit, **changes: Any) -> queries.Shown:
        """Changes the given fields. Raises InvalidInput if there are none, and NotFound like `get`.

        Also raises RevisionMismatch, StorageFull, or GenerationInProgress if a generation would overwrite the text.
        """
        if not changes:
            raise InvalidInput([FieldError("body", "Give at least one field to change.")])
        stages = editing.changing(changes, edit.session_id)
        with self._quotas.room(edit.user_id, lambda: growth_of(edit.user_id, edit.content_id, changes)):
            content = editing.write(edit, stages, of_the_text="generated_text" in changes)
        self._relay.carry(content)
        return queries.shown(content)


def _measured_late(content: queries.Shown) -> queries.Shown:
    """Measures and stores the findings of a content from before there were checks."""
    if not (content["generated_text"] or "").strip():
        return content
    found = measured({**content, "_id": content["id"]})
    collection_of(Content).update_one({"_id": content["id"], **versions.at_revision(content)}, {"$set": found})
    return content | found
