"""The services of one application, which routes, sockets and commands ask for by type.

This module imports none of them, so a package can both offer a service and ask for others without a circular import.
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
    """One object of each type, assembled once by `create_app`."""

    by_type: Mapping[type, object]

    @classmethod
    def of(cls, *services: object) -> Services:
        return cls(MappingProxyType({type(each): each for each in services}))

    def get(self, kind: type[Service]) -> Service:
        """The service of this type. Raises LookupError if the application was built without it."""
        found = self.by_type.get(kind)
        if isinstance(found, kind):
            return found
        raise LookupError(f"the application was built without {kind.__name__}")


def provide(app: Flask, services: Services) -> None:
    """Attaches the services to the application. Call it once."""
    app.extensions[_EXTENSION] = services


def services_of(app: Flask) -> Services:
    """The services that `create_app` built this application from."""
    services: Services = app.extensions[_EXTENSION]
    return services


def service(kind: type[Service]) -> Service:
    """The current application's service of this type."""
    return services_of(current_app).get(kind)
