"""The connection to MongoDB: opened here, and its foreign errors told apart here."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import mongoengine
import pymongo
from pymongo import MongoClient
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
)

from app.config import Settings
from app.errors import SettingsError

DEFAULT_DATABASE = "ai-content-generator"
OPERATION_TIMEOUT_MS = 4000
SERVER_SELECTION_TIMEOUT_MS = 3000
REQUIRE_SECONDS = 2.5
_WRONG_PASSWORD = {11, 18, 8000}
"""UserNotFound, AuthenticationFailed, and Atlas' own; https://www.mongodb.com/docs/manual/reference/error-codes/."""
_NOT_ALLOWED = 13

OUTAGES: tuple[type[PyMongoError], ...] = (
    ConnectionFailure,
    NetworkTimeout,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    ExecutionTimeout,
)
"""What pymongo raises while MongoDB is away or does not answer in time; the same call may succeed later."""


def connect(settings: Settings) -> None:
    """Registers MongoEngine's default connection. Opens no socket yet: pymongo does at the first operation.

    Every operation ends within 4 s, whatever the server does, so that a request can answer 503 within 5 s
    (pymongo's `timeoutMS` covers server selection, the pool, the socket and the retries together). A write is
    acknowledged when it is in the journal: what was answered 202 survives a crash of MongoDB too.
    Raises SettingsError for an address that cannot be used.
    """
    try:
        _register(settings)
    except (mongoengine.ConnectionFailure, ConfigurationError, ValueError):  # their texts may quote the password
        problem = (
            "MONGO_URI: is no MongoDB address that can be used: check host, port, database name and options, and"
            " percent-encode special characters in user and password."
        )
        raise SettingsError([problem]) from None


def _register(settings: Settings) -> None:
    mongoengine.connect(
        DEFAULT_DATABASE,
        host=settings.mongo_uri,
        tz_aware=True,
        uuidRepresentation="standard",
        journal=True,
        timeoutMS=OPERATION_TIMEOUT_MS,
        serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MS,
        connectTimeoutMS=SERVER_SELECTION_TIMEOUT_MS,
        appname="ai-content-generator",
    )


def disconnect() -> None:
    """Closes the default connection's sockets."""
    mongoengine.disconnect_all()


def ping() -> None:
    """Asks MongoDB for an answer. Raises one of OUTAGES, or another PyMongoError such as a refused password."""
    mongoengine.get_connection().admin.command("ping")


def require(settings: Settings) -> None:
    """Raises SettingsError, in one line that says what to do, unless MongoDB lets us read within 2.5 s.

    The line never holds the password, nor the library's own words on a refused one.
    """
    where = urlsplit(settings.mongo_uri).netloc.rpartition("@")[2]
    try:
        with pymongo.timeout(REQUIRE_SECONDS):
            mongoengine.get_db().command("listCollections", nameOnly=True)
    except OperationFailure as error:
        raise SettingsError([f"MONGO_URI: {_refusal(error, where)}"]) from None
    except ConfigurationError as error:
        raise SettingsError(
            [f"MONGO_URI: {where} cannot be looked up ({_brief(error)}): check the host name."]
        ) from None
    except PyMongoError as error:
        problem = (
            f"MONGO_URI: MongoDB connection failed at {where} ({_brief(error)}): check the host and port in MONGO_URI,"
            " that MongoDB runs there, and that it lets this machine in (Network Access, in MongoDB Atlas)."
        )
        raise SettingsError([problem]) from None


def _refusal(error: OperationFailure, where: str) -> str:
    if error.code in _WRONG_PASSWORD:
        return (
            f"MongoDB at {where} refuses the user or the password: check both in MONGO_URI (special characters are"
            " percent-encoded), and authSource."
        )
    if error.code == _NOT_ALLOWED:
        return (
            f"MongoDB at {where} does not let this user into the database: give MONGO_URI a user and a password,"
            " and the user the role readWrite on it."
        )
    return f"MongoDB at {where} answered {_brief(error)}: check MONGO_URI."


def _brief(error: Exception) -> str:
    return str(error).split(",")[0].split(" (configured")[0][:200]


def version() -> str:
    """MongoDB's version."""
    return str(mongoengine.get_connection().server_info()["version"])


class OtherDatabase:
    """Another product's database, to read from inside a `with` block."""

    def __init__(self, uri: str) -> None:
        """Raises SettingsError for an address that cannot be used or names no database."""
        try:
            client: MongoClient[dict[str, Any]] = MongoClient(
                uri, tz_aware=True, serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MS
            )
            self._database = client.get_default_database()
        except (ConfigurationError, ValueError):  # their texts may quote the password
            raise SettingsError(["SOURCE: is no mongodb:// address that ends with a database name."]) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.client.close()

    def documents(self, collection: str) -> Iterator[dict[str, Any]]:
        """All documents, in the order of their ids."""
        yield from self._database[collection].find().sort("_id", pymongo.ASCENDING)

    def count(self, collection: str) -> int:
        return self._database[collection].estimated_document_count()
