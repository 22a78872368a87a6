"""The connection to MongoDB, and the interpretation of pymongo's errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import mongoengine
import pymongo
from pymongo import MongoClient
from pymongo.collection import Collection
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
from app.errors import FieldError, InvalidInput, SettingsError

DEFAULT_DATABASE = "ai-content-generator"
OPERATION_TIMEOUT_MS = 4000
SERVER_SELECTION_TIMEOUT_MS = 3000
LOOKUP_TIMEOUT_MS = 2000
REQUIRE_SECONDS = (1.0, 1.5)
"""Timeouts of the two attempts: a refusal is immediate, while a distant server may take longer."""
SRV = "mongodb+srv://"
_OF_A_LOOKUP = re.compile("The DNS |The resolution |All nameservers |Resolver configuration ")
_NO_ANSWER = "No servers found yet"
_WRONG_PASSWORD = {11, 18, 8000}
"""UserNotFound, AuthenticationFailed and AtlasError; https://www.mongodb.com/docs/manual/reference/error-codes/."""
_NOT_ALLOWED = 13
_BAD_VALUE = 2
"""BadValue, e.g. a hint that names no index; https://www.mongodb.com/docs/manual/reference/error-codes/."""

OUTAGES: tuple[type[PyMongoError], ...] = (
    ConnectionFailure,
    NetworkTimeout,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    ExecutionTimeout,
)
"""What pymongo raises while MongoDB is unavailable or too slow. A retry may succeed."""


def collection_of(document: type[mongoengine.Document]) -> Collection[dict[str, Any]]:
    """Returns the pymongo collection of a document class, for what MongoEngine does not support, such as pipelines."""
    collection: Collection[dict[str, Any]] = document._get_collection()  # noqa: SLF001  # MongoEngine's way to pymongo
    return collection


def aggregated(
    collection: Collection[dict[str, Any]], stages: Sequence[Mapping[str, Any]], index: str | None
) -> list[dict[str, Any]]:
    """Runs the aggregation and returns its results, with `index` as the hint if the database has that index."""
    if index is None:
        return list(collection.aggregate(stages))
    try:
        return list(collection.aggregate(stages, hint=index))
    except OperationFailure as error:
        if error.code != _BAD_VALUE:
            raise
        return list(collection.aggregate(stages))


def connect(settings: Settings) -> None:
    """Registers MongoEngine's default connection. pymongo connects at the first operation.

    Every operation ends within 4 s, so that a request can be answered with 503 within 5 s. (pymongo's `timeoutMS`
    covers server selection, the pool, the socket and retries together.) Writes are acknowledged once they are in the
    journal, so a request answered with 202 survives a crash of MongoDB. Raises SettingsError for an unusable address.
    The host of a mongodb+srv:// address is resolved here, which takes at most 2 s.
    """
    try:
        _register(settings.mongo_uri)
    except (
        mongoengine.ConnectionFailure,
        ConfigurationError,
        ValueError,
    ) as error:  # their texts may quote the password
        if type(error) is ConfigurationError and _OF_A_LOOKUP.match(str(error)):
            raise SettingsError([_not_found(_place(settings), error)]) from None
        problem = (
            "MONGO_URI: is no MongoDB address that can be used: check host, port, database name and options, and"
            " percent-encode special characters in user and password."
        )
        raise SettingsError([problem]) from None


def _register(uri: str) -> None:
    if uri.startswith(SRV) and "connecttimeoutms" not in uri.lower():
        url = urlsplit(uri)  # the only setting that shortens MongoEngine's 20 s lookup
        query = "&".join(filter(None, (url.query, f"connectTimeoutMS={LOOKUP_TIMEOUT_MS}")))
        uri = url._replace(path=url.path or "/", query=query).geturl()
    mongoengine.connect(
        DEFAULT_DATABASE,
        host=uri,
        tz_aware=True,
        uuidRepresentation="standard",
        journal=True,
        timeoutMS=OPERATION_TIMEOUT_MS,
        serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MS,
        connectTimeoutMS=SERVER_SELECTION_TIMEOUT_MS,
        appname="ai-content-generator",
    )


def disconnect() -> None:
    """Closes the default connection."""
    mongoengine.disconnect_all()


def ping() -> None:
    """Pings MongoDB. Raises one of OUTAGES, or another PyMongoError such as an authentication failure."""
    mongoengine.get_connection().admin.command("ping")


def require(settings: Settings) -> None:
    """Raises SettingsError with an actionable line unless MongoDB can be read within 2.5 s.

    The line contains neither the password nor pymongo's message about a wrong one.
    """
    where = _place(settings)
    try:
        _read()
    except OperationFailure as error:
        raise SettingsError([f"MONGO_URI: {_refusal(error, where)}"]) from None
    except ConfigurationError as error:
        raise SettingsError([_not_found(where, error)]) from None
    except PyMongoError as error:
        raise SettingsError([unreachable(settings, _brief(error))]) from None


def unreachable(settings: Settings, why: str) -> str:
    """Returns the error line for a MongoDB that cannot be reached or read."""
    return (
        f"MONGO_URI: MongoDB connection failed at {_place(settings)} ({why}): check the host and port in MONGO_URI,"
        " that MongoDB runs there, and that it lets this machine in (Network Access, in MongoDB Atlas)."
    )


def _read() -> None:
    first, second = REQUIRE_SECONDS
    try:
        with pymongo.timeout(first):
            mongoengine.get_db().command("listCollections", nameOnly=True)
    except OUTAGES:
        servers = mongoengine.get_connection().topology_description.server_descriptions().values()
        if all(server.error for server in servers):
            raise
        with pymongo.timeout(second):
            mongoengine.get_db().command("listCollections", nameOnly=True)


def _place(settings: Settings) -> str:
    """Returns host and port without user and password."""
    return urlsplit(settings.mongo_uri).netloc.rpartition("@")[2]


def _not_found(where: str, error: Exception) -> str:
    return f"MONGO_URI: {where} cannot be looked up ({_brief(error)}): check the host name."


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
    text = str(error).split(",")[0].split(" (configured")[0].rstrip(".")[:200]
    return text.replace(_NO_ANSWER, "it does not answer")


def version() -> str:
    """Returns MongoDB's version."""
    return str(mongoengine.get_connection().server_info()["version"])


class OtherDatabase:
    """The database of another product, read within a `with` block.

    Dates that Python cannot represent and text that is not UTF-8 do not make the rest unreadable.
    """

    def __init__(self, uri: str) -> None:
        """Raises InvalidInput for an unusable address or one without a database name."""
        try:
            client: MongoClient[dict[str, Any]] = MongoClient(
                uri,
                tz_aware=True,
                serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MS,
                datetime_conversion="DATETIME_AUTO",
                unicode_decode_error_handler="replace",
            )
            self._database = client.get_default_database()
        except (ConfigurationError, ValueError):  # their texts may quote the password
            raise _of_source("Must be a mongodb:// address that ends with a database name.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.client.close()

    def documents(self, collection: str) -> Iterator[dict[str, Any]]:
        """Yields all documents, ordered by id. Raises InvalidInput if they cannot be read."""
        try:
            yield from self._database[collection].find().sort("_id", pymongo.ASCENDING)
        except OperationFailure as error:
            raise _of_source(_refusal_of_source(error, self._database.name)) from None
        except PyMongoError as error:
            raise _of_source(f"MongoDB does not answer at this address ({_brief(error)}).") from None

    def count(self, collection: str) -> int:
        return self._database[collection].estimated_document_count()


def _of_source(problem: str) -> InvalidInput:
    return InvalidInput([FieldError("SOURCE", problem)])


def _refusal_of_source(error: OperationFailure, name: str) -> str:
    if error.code in _WRONG_PASSWORD:
        return (
            "MongoDB refuses the user or the password. Special characters in them are percent-encoded. If the user was"
            f" not created in the database {name}, add ?authSource=admin to the address."
        )
    if error.code == _NOT_ALLOWED:
        return f"MongoDB does not let this user read the database {name}: it needs a user with the role read on it."
    return f"MongoDB answered {_brief(error)}."
