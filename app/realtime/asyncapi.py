"""The Socket.IO events as an AsyncAPI 3 document, made from the payload schemas that the emitter uses."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from app.realtime.payloads import FROM_CLIENTS, TO_CLIENTS, Event

Document = dict[str, Any]

CHANNEL = "socket"
_DESCRIPTION = """\
Connect a Socket.IO 5 client to this server's origin, over websocket or polling, with
`auth: {token: <access token>}`. Without a valid token the connection is refused: `connect_error` says why. The server
adds the socket to its owner's room; clients cannot join other rooms. Treat events as hints: the state returned by GET
requests is authoritative. Messages from clients are limited to 64 KB.
"""


def build() -> Document:
    """Returns the AsyncAPI document."""
    plugin = MarshmallowPlugin()
    spec = APISpec(title="AI Content Generator events", version="1", openapi_version="3.1.0", plugins=[plugin])
    messages = {_key(event): _message(event, spec) for event in (*TO_CLIENTS, *FROM_CLIENTS)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": spec.title, "version": spec.version, "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "channels": {
            CHANNEL: {
                "address": "/socket.io/",
                "title": "The one Socket.IO namespace, /",
                "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in messages},
            }
        },
        "operations": {
            **{_key(event): _operation("send", event) for event in TO_CLIENTS},
            **{_key(event): _operation("receive", event) for event in FROM_CLIENTS},
        },
        "components": {"messages": messages, "schemas": spec.to_dict()["components"]["schemas"]},
    }


def _message(event: Event, spec: APISpec) -> Document:
    message = {"name": event.name, "summary": event.summary, "payload": _reference(event.payload, spec)}
    return message | ({"x-acknowledgement": _reference(event.answer, spec)} if event.answer else {})


def _reference(schema: type[Schema], spec: APISpec) -> Document:
    name = schema.__name__
    if name not in spec.components.schemas:
        spec.components.schema(name, schema=schema)
        described = spec.components.schemas[name]
        for member in described["properties"].values():
            if "example" in member:
                member["examples"] = [member.pop("example")]
    return {"$ref": f"#/components/schemas/{name}"}


def _operation(action: str, event: Event) -> Document:
    """An operation from the server's point of view: "send" is what clients receive."""
    return {
        "action": action,
        "summary": event.summary,
        "channel": {"$ref": f"#/channels/{CHANNEL}"},
        "messages": [{"$ref": f"#/channels/{CHANNEL}/messages/{_key(event)}"}],
    }


def _key(event: Event) -> str:
    """The event's name in camelCase, because AsyncAPI keys cannot contain a colon."""
    first, *rest = event.name.split(":")
    return first + "".join(word.capitalize() for word in rest)
