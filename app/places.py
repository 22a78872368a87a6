"""Limits how many documents a user has, also for concurrent requests.

Each document takes a numbered place, and a unique index prevents two of them from taking the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mongoengine import Document
from pymongo.errors import DuplicateKeyError

from app.database import collection_of


def place_index(**conditions: Any) -> dict[str, Any]:
    """Returns the index of a limited document. Only documents that meet the conditions hold their place."""
    return {
        "name": "place",
        "fields": ["user_id", "place"],
        "unique": True,
        "partialFilterExpression": {"place": {"$exists": True}, **conditions},
    }


def free_places(kind: type[Document], counted: Mapping[str, Any], most: int) -> list[int]:
    """Returns the places that one more document may take. Empty if `most` documents are `counted`.

    Documents stored by earlier releases have no place but are counted: as many of the last places stay free.
    """
    taken = [each.get("place") for each in collection_of(kind).find(counted, {"place": 1}).limit(most)]
    free = [place for place in range(most) if place not in taken]
    return free[: most - len(taken)]


def insert_in_place(kind: type[Document], document: Mapping[str, Any], counted: Mapping[str, Any], most: int) -> bool:
    """Stores a document in a free place. Returns False if there is none, or if concurrent requests took the last."""
    for place in free_places(kind, counted, most):
        try:
            collection_of(kind).insert_one({**document, "place": place})
        except DuplicateKeyError as error:
            if "place" not in (error.details or {}).get("keyPattern", {}):
                raise
        else:
            return True
    return False
