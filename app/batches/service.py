"""Accepts batches as a whole, and lists, pauses, cancels, retries and exports them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from app.batches.counts import Counts, counts_of, counts_of_each, is_under_way
from app.batches.document import CANCELLED, PAUSED, RUNNING, Batch, without_rows
from app.batches.items import Item, items_of, statuses_of
from app.batches.maker import BatchMaker
from app.batches.open_batch_limit import insert, require_place
from app.batches.quota_holds import holds_of
from app.batches.results import csv_of
from app.batches.rows import Check, CheckedRow, checked
from app.batches.spreadsheet import Table, read, sheet
from app.batches.stored_size import size_of_rows
from app.content.document import FAILED, Content
from app.database import collection_of
from app.errors import FieldError, InvalidInput, NotFound
from app.generation import holding
from app.generation.requeue import Requeues
from app.idempotency import Chosen
from app.library_errors import BatchFinished, BatchUnfinished
from app.quotas.document import Hold
from app.quotas.service import Quotas
from app.templates.service import Templates

MOST_ITEMS = 500
_OPEN_AGAIN = {"$set": {"unfinished": True}, "$unset": {"finished_at": "", "told": ""}, "$inc": {"retries": 1}}

Shown = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """A request for a batch: rows as sent, or a file with a template whose variables are its columns."""

    template_id: str | None = None
    items: Sequence[Any] = ()
    file: bytes | None = None
    encoding: str = ""
    columns: Mapping[str, str] | None = None
    name: str = ""


@dataclass(frozen=True)
class Checked:
    rows: list[CheckedRow]
    template: Mapping[str, Any] | None
    table: Table | None

    @property
    def shown(self) -> Shown:
        """The result of a dry run."""
        good = sum(row.error is None for row in self.rows)
        counts = {"total": len(self.rows), "ok": good, "bad": len(self.rows) - good}
        told: Shown = {"rows": [row.shown for row in self.rows], "counts": counts}
        if self.table is not None:
            about = {"encoding": self.table.encoding, "delimiter": self.table.delimiter}
            told |= about | {"ignored_columns": self.table.ignored}
        return told


class Batches:
    """Operations on a user's own batches. `offload` calls a function off the event loop."""

    def __init__(
        self,
        templates: Templates,
        maker: BatchMaker,
        requeues: Requeues,
        *,
        quotas: Quotas,
        offload: Callable[..., Any],
        check: Check,
    ) -> None:
        self._templates = templates
        self._maker = maker
        self._requeues = requeues
        self._quotas = quotas
        self._offload = offload
        self._check = check

    def check(self, user_id: str, order: Order) -> Checked:
        """Validates all rows without storing anything. Raises NotFound, or InvalidInput if there are no valid rows."""
        template = self._templates.get(user_id, order.template_id) if order.template_id else None
        checked_all: Checked = self._offload(self._read, order, template)
        return checked_all

    def accept(self, user_id: str, order: Order, chosen: Chosen, request_id: str | None) -> Shown:
        """Stores a batch. Raises like `check`, and InvalidInput with the error of each invalid row.

        Also raises TooManyBatches while three are unfinished, and like Quotas.held if the quota does not cover all.
        """
        if not chosen.fresh and (made := without_rows({"_id": chosen.id, "user_id": ObjectId(user_id)})):
            return _shown(made[0])
        found = self.check(user_id, order)
        if faults := [row.error for row in found.rows if row.error]:
            raise InvalidInput(faults[:MOST_ITEMS])
        require_place(user_id)
        template = found.template
        batch = Batch(
            id=chosen.id,
            user_id=user_id,
            name=order.name or (template["name"] if template else f"{len(found.rows)} texts"),
            template_id=order.template_id,
            template=template and {name: template[name] for name in ("title", "content_type", "prompt", "brief")},
            rows=[_row(row, template) for row in found.rows],
            request_id=request_id,
        )
        document = dict(batch.to_mongo())
        document["rows_bytes"] = size_of_rows(document["rows"])
        with self._quotas.held(user_id, holds_of(document), lambda: document["rows_bytes"]):
            insert(document)
        return _shown(document | {"total": len(document["rows"])})

    def page(self, user_id: str, page: int, limit: int) -> tuple[list[Shown], int]:
        """Returns a page of the user's batches, newest first, and how many there are."""
        own = {"user_id": ObjectId(user_id)}
        found = without_rows(own, {"$sort": {"created_at": -1}}, {"$skip": (page - 1) * limit}, {"$limit": limit})
        shown = [_shown(batch, counts) for batch, counts in zip(found, counts_of_each(found), strict=True)]
        return shown, _batches().count_documents(own)

    def get(self, user_id: str, batch_id: str) -> Shown:
        """Returns a batch. Raises NotFound."""
        return _shown(_own(user_id, batch_id))

    def items(
        self, user_id: str, batch_id: str, page: int, limit: int, status: str | None = None
    ) -> tuple[list[Item], int]:
        """Returns a page of the rows, or of those with a status, in order, and how many there are."""
        batch = _own(user_id, batch_id)
        found: Sequence[int] = range(batch["total"])
        if status is not None:
            found = [place for place, each in enumerate(statuses_of(batch)) if each == status]
        first = (page - 1) * limit
        return items_of(batch, found[first : first + limit]), len(found)

    def table_in(self, file: bytes, encoding: str, delimiter: str) -> Shown:
        """Returns the columns and cells of a file. Raises InvalidInput if it cannot be parsed."""
        return dict(self._offload(lambda: sheet(file, encoding, delimiter).shown))

    def turn(self, user_id: str, batch_id: str, state: str) -> Shown:
        """Pauses, resumes or cancels a batch. Raises BatchFinished if it has ended. Idempotent.

        Once it is paused or cancelled, none of its texts starts, except those that their owner requests singly.
        """
        batch = _own(user_id, batch_id)
        if not batch.get("unfinished") and is_under_way(counts_of(batch)):
            # One of its texts was generated again separately after the batch ended.
            _batches().update_one({"_id": batch["_id"]}, _OPEN_AGAIN)
        allowed = {"_id": batch["_id"], "state": {"$ne": CANCELLED}, "unfinished": True}
        before = _batches().find_one_and_update(allowed, {"$set": {"state": state}}, {"state": 1})
        if before is None and not (state == CANCELLED == _own(user_id, batch_id)["state"]):
            raise BatchFinished
        if state == PAUSED != before["state"]:
            holding.hold(batch["_id"])
        self._maker.hold_or_cancel(batch["_id"])
        return self.get(user_id, batch_id)

    def retry_failed(self, user_id: str, batch_id: str, max_attempts: int) -> Shown:
        """Retries all failed rows; those of a paused batch are held.

        Raises BatchFinished if none failed or the batch was cancelled, and like Quotas.held.
        """
        batch = _own(user_id, batch_id)
        failed = {"batch_id": batch["_id"], "generation_status": FAILED, "deleted": False}
        contents = list(collection_of(Content).find(failed, {"job_id": 1}))
        if not contents or batch["state"] == CANCELLED:
            raise BatchFinished("No text of this batch can be retried")
        holds = [Hold(each["job_id"], each["_id"], batch["_id"]) for each in contents]
        with self._quotas.held(user_id, holds):
            if not batch.get("unfinished"):  # a batch can end while it is paused
                _batches().update_one({"_id": batch["_id"]}, {"$set": {"state": RUNNING}})
            if not _batches().update_one({"_id": batch["_id"]}, _OPEN_AGAIN).matched_count:
                raise NotFound("Batch not found")
            for each in contents:
                self._requeues.make_pending(each["_id"], max_attempts, held=True)
        self._maker.hold_or_cancel(batch["_id"])
        return self.get(user_id, batch_id)

    def delete(self, user_id: str, batch_id: str) -> None:
        """Deletes a batch that has ended; its texts stay. Raises BatchUnfinished, also while one is generated again."""
        batch = _own(user_id, batch_id)
        ended = {"_id": batch["_id"], "unfinished": {"$ne": True}}
        if is_under_way(counts_of(batch)) or not _batches().delete_one(ended).deleted_count:
            _own(user_id, batch_id)  # raises NotFound if a concurrent request has deleted it
            raise BatchUnfinished

    def table(self, user_id: str, batch_id: str) -> bytes:
        """Returns the rows with their texts as CSV. No cell is a formula."""
        batch = _own(user_id, batch_id)
        items = items_of(batch, range(batch["total"]), "generated_text")
        return bytes(self._offload(csv_of, batch, items))

    def _read(self, order: Order, template: Mapping[str, Any] | None) -> Checked:
        if order.file is None:
            if not 0 < len(order.items) <= MOST_ITEMS:
                raise InvalidInput([FieldError("items", f"Must be a list of 1 to {MOST_ITEMS} items.")])
            return Checked(checked(order.items, template, self._check), template, None)
        if template is None:
            raise InvalidInput([FieldError("templateId", "A file needs a template, whose variables are its columns.")])
        table = read(order.file, template["variables"], order.encoding, order.columns)
        rows = checked(table.rows, template, self._check, table.numbers)
        for place, fault in table.errors.items():
            bad = rows[place]
            rows[place] = CheckedRow(bad.row, bad.values, None, FieldError(f"rows.{bad.row}", fault))
        return Checked(rows, template, table)


def _row(row: CheckedRow, template: Mapping[str, Any] | None) -> dict[str, Any]:
    """Returns a row in its stored form. Without a template it has the validated request."""
    return {"id": ObjectId(), "values": dict(row.values), **({} if template else {"piece": row.piece})}


def _own(user_id: str, batch_id: str) -> dict[str, Any]:
    """Returns a user's batch without its rows. Raises NotFound."""
    own = {"_id": ObjectId(batch_id), "user_id": ObjectId(user_id)} if ObjectId.is_valid(batch_id) else None
    if own is None or not (found := without_rows(own)):
        raise NotFound("Batch not found")
    return found[0]


def _shown(batch: Mapping[str, Any], counts: Counts | None = None) -> Shown:
    counts = counts or counts_of(batch)
    state = batch["state"]
    if state != CANCELLED and not batch.get("unfinished"):
        # A finished text may be generated again separately.
        state = RUNNING if is_under_way(counts) else "finished"
    about = {name: batch.get(name) for name in ("name", "template_id", "created_at", "finished_at")}
    return {**about, "id": str(batch["_id"]), "state": state, "counts": counts}


def _batches() -> Any:
    return collection_of(Batch)
