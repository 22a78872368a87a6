"""Computes how much a user has stored in batches: the rows as they were requested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bson
from bson import ObjectId

from app.batches.document import Batch
from app.database import collection_of


def bytes_of_batches(user_id: str) -> int:
    """Returns the size of the rows of a user's batches. Reads the rows only of older batches, without `rows_bytes`."""
    size = {"$ifNull": ["$rows_bytes", {"$bsonSize": {"rows": "$rows"}}]}
    own = {"$match": {"user_id": ObjectId(user_id)}}
    found = collection_of(Batch).aggregate([own, {"$group": {"_id": None, "size": {"$sum": size}}}])
    return next((int(each["size"]) for each in found), 0)


def size_of_rows(rows: Sequence[Any]) -> int:
    """Returns the size of a batch's rows."""
    return len(bson.encode({"rows": rows}))
