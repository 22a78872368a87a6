"""Creates the indexes that the documents declare."""

from __future__ import annotations

import pymongo
from mongoengine import Document

from app.account.document import PasswordReset
from app.admin.document import AuditEntry
from app.auth.api_keys import ApiKey
from app.auth.closed_accounts import ErasedAccount
from app.auth.models import RefreshToken, Session, User
from app.batches.document import Batch
from app.content.document import Content
from app.content.fingerprints import Fingerprints
from app.content.versions import Version
from app.database import collection_of
from app.generation.run_history import PastRun
from app.generation.waiting_limit import WaitingTurn
from app.idempotency import IdempotentRequest
from app.quotas.document import QuotaDay, StorageHolds
from app.rewriting.document import Rewrite
from app.templates.document import Template
from app.usage.document import UsageRow
from app.webhooks.document import Webhook, WebhookDelivery

DOCUMENTS: tuple[type[Document], ...] = (
    User,
    Session,
    RefreshToken,
    Content,
    WaitingTurn,
    UsageRow,
    Version,
    PastRun,
    ApiKey,
    IdempotentRequest,
    Rewrite,
    Fingerprints,
    Template,
    Batch,
    Webhook,
    WebhookDelivery,
    QuotaDay,
    StorageHolds,
    AuditEntry,
    ErasedAccount,
    PasswordReset,
)


def ensure_indexes() -> list[str]:
    """Creates all declared indexes, without a timeout. Returns their names."""
    names = []
    with pymongo.timeout(0):  # with None, the client's timeout applies
        for document in DOCUMENTS:
            document.ensure_indexes()
            collection = collection_of(document)
            names += [f"{collection.name}.{name}" for name in collection.index_information() if name != "_id_"]
    return names


def missing_indexes() -> list[str]:
    """Returns the declared indexes that the database lacks."""
    return [
        f"{collection_of(document).name}: {', '.join(key for key, _ in keys)}"
        for document in DOCUMENTS
        for keys in document.compare_indexes()["missing"]
        if keys != [("_id", 1)]
    ]
