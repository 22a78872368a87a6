"""The fields of a content agree between document, query, response schema, importer and the app's types.

Each place describes something else about them, so none is generated from another. These tests check that they have the
same fields.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from app.clock import utcnow
from app.content import queries
from app.content.document import Content
from app.content.list_schemas import ContentItem, ListedContentSchema
from app.content.schemas import ContentSchema, CreateSchema, UpdateSchema
from app.http.stored import StoredField
from app.ops import node_import

TYPES = Path(__file__).parent.parent / "app/ui/src/api/types.ts"
DERIVED = {"truncated", "position"}
"""Fields that are computed for each response."""
SHOWN = {name: field.data_key or name for name, field in ContentSchema().fields.items()}


def test_the_query_reads_exactly_the_fields_of_the_response() -> None:
    assert {*queries.FIELDS, "id"} == set(SHOWN) - DERIVED


def test_the_query_reads_only_stored_fields() -> None:
    assert set(queries.FIELDS) <= set(Content._fields)


def test_the_fields_of_requests_are_stored_fields() -> None:
    sent = set(CreateSchema().fields) | set(UpdateSchema().fields)
    assert sent <= set(Content._fields)


def test_the_importer_fills_fields_that_exist() -> None:
    source = inspect.getsource(node_import._values)
    assert set(re.findall(r'^ {8}"(\w+)":', source, re.MULTILINE)) <= set(Content._fields)


def test_the_apps_types_have_the_fields_of_the_response() -> None:
    (body,) = re.findall(r"export interface Content \{(.*?)\n\}", TYPES.read_text(), re.DOTALL)
    assert set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE)) == set(SHOWN.values())


FINDING = {"check": "length", "passed": True, "message": "As asked.", "count": 0}
STORED = {
    **dict.fromkeys(queries.FIELDS, "text"),
    **dict.fromkeys(("user_id", "batch_id"), ObjectId()),
    **dict.fromkeys(("due_at", "created_at", "updated_at", "deleted_at"), utcnow()),
    **dict.fromkeys(("attempt", "max_attempts", "revision", "version", "words"), 7),
    "_id": ObjectId(),
    "brief": {"tone": "calm", "keywords": ["owl"]},
    "checks": [FINDING | {"spans": []}],
    "tags": ["nature"],
    "truncated": True,
}


@pytest.mark.parametrize("stored", [STORED, {"_id": ObjectId(), "user_id": ObjectId(), "created_at": utcnow()}])
def test_a_list_shows_each_field_as_the_schema_does(stored: dict[str, Any]) -> None:
    """It does not use the schema, which takes ten times as long."""
    content = queries.listed(stored, frozenset())
    quickly = ContentItem().serialize("content", {"content": content})
    assert quickly == ListedContentSchema().dump(content)
    assert set(quickly) >= set(SHOWN.values())


@pytest.mark.parametrize("stored", [STORED, {"_id": ObjectId(), "user_id": ObjectId(), "created_at": utcnow()}])
def test_a_response_shows_each_field_of_a_content_as_the_schema_does(stored: dict[str, Any]) -> None:
    """It does not use the schema either."""
    content = queries.shown(stored)
    quickly = StoredField(ContentSchema).serialize("content", {"content": content})
    assert quickly == ContentSchema().dump(content)
    assert set(quickly) == set(SHOWN.values())


def test_no_filter_gives_access_to_other_users_contents_or_the_trash() -> None:
    """Regardless of its conditions."""
    mine, theirs = "507f1f77bcf86cd799439011", "507f191e810c19729de860ea"
    own = queries._own(mine, {"user_id": theirs, "deleted": True, "status": "draft"})
    assert (str(own["user_id"]), own["deleted"], own["status"]) == (mine, False, "draft")
