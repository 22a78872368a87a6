"""The services of an application, which routes, sockets and commands look up by type.

This module imports none of them, so a package can provide and use services without circular imports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from flask import Flask, current_app

Service = TypeVar("Service")
_EXTENSION = "services"


@dataclass(frozen=True)
class Services:
    """One object per type, assembled by `create_app`."""

    by_type: Mapping[type, object]

    @classmethod
    def of(cls, *services: object) -> Services:
        return cls(MappingProxyType({type(each): each for each in services}))

    def get(self, kind: type[Service]) -> Service:
        """Returns the service of this type. Raises LookupError if the application was built without it."""
        found = self.by_type.get(kind)
        if isinstance(found, kind):
            return found
        raise LookupError(f"the application was built without {kind.__name__}")


def provide(app: Flask, services: Services) -> None:
    """Attaches the services to the application. Call it once."""
    app.extensions[_EXTENSION] = services


def services_of(app: Flask) -> Services:
    """Returns the application's services."""
    services: Services = app.extensions[_EXTENSION]
    return services


def service(kind: type[Service]) -> Service:
    """Returns the current application's service of this type."""
    return services_of(current_app).get(kind)
