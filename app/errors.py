"""The hierarchy of errors that the application raises. Independent of the HTTP framework and other libraries.

AppError
├── SettingsError            invalid settings or an unusable server; the process must not start
├── MalformedRequest         the body is not a JSON object
├── InvalidInput             invalid fields, one FieldError each
├── PayloadTooLarge
├── Unauthenticated          no token, or an invalid one
│   ├── AccountDisabled      a login to an account that an operator has disabled
│   └── TokenExpired         a valid token that has expired: refresh it
├── Forbidden                a request from a disallowed origin
│   └── InsufficientScope     an API key without the required scope
├── NotFound
├── MethodNotAllowed
├── Conflict
│   ├── GenerationInProgress  the text is still being generated and cannot be changed
│   ├── GenerationFinished    there is nothing to cancel
│   ├── GenerationNotPending  the generation has started or finished
│   ├── NothingToSave        there is no text to save as a version
│   └── app.rewriting.errors
├── PreconditionFailed
│   └── RevisionMismatch     the content was changed since it was read
├── RateLimited
│   ├── QueueFull            the user has too many waiting generations
│   └── app.quotas.errors
├── Unavailable              a required server does not respond; retry later
└── GenerationError          one attempt failed; its message is shown to the user
    ├── TransientFailure     a retry may succeed
    └── PermanentFailure     a retry would fail the same way
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldError:
    """One invalid field of a request: its JSON name, and a sentence that says how to fix it."""

    field: str
    message: str


class AppError(Exception):
    """The base class. `message` is safe to show to users; `code` is for programs."""

    code: ClassVar[str] = "internal_error"
    default_message: ClassVar[str] = "Something went wrong"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.default_message
        super().__init__(self.message)


class SettingsError(AppError):
    """Invalid settings, or an unusable server, prevent the process from starting. `problems` has one line each."""

    code = "bad_settings"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"The settings cannot be used (see .env.example and docs/settings.md):\n{lines}")


class MalformedRequest(AppError):
    code = "malformed_request"
    default_message = "The request body must be a JSON object"


class InvalidInput(AppError):
    """Invalid fields. `errors` has one entry for each."""

    code = "validation_failed"
    default_message = "Validation failed"

    def __init__(self, errors: list[FieldError]) -> None:
        self.errors = errors
        super().__init__()


class IdempotencyMismatch(InvalidInput):
    code = "idempotency_mismatch"
    default_message = "This Idempotency-Key was sent with another request - use a new key"

    def __init__(self) -> None:
        super().__init__([FieldError("Idempotency-Key", "Was sent with another request.")])


class PayloadTooLarge(AppError):
    code = "payload_too_large"
    default_message = "The request body is too large or has too many parts"


class Unauthenticated(AppError):
    code = "unauthenticated"
    default_message = "Authentication required"


class AccountDisabled(Unauthenticated):
    code = "account_disabled"
    default_message = "This account is disabled - ask the person who runs this server"


class TokenExpired(Unauthenticated):
    code = "token_expired"
    default_message = "Token has expired"


class Forbidden(AppError):
    code = "forbidden"
    default_message = "This request is not allowed"


class InsufficientScope(Forbidden):
    code = "insufficient_scope"
    default_message = "This API key may not do this"


class NotFound(AppError):
    code = "not_found"
    default_message = "Not found"


class MethodNotAllowed(AppError):
    code = "method_not_allowed"
    default_message = "This method is not allowed here"


class Conflict(AppError):
    code = "conflict"
    default_message = "This conflicts with the stored state"


class GenerationInProgress(Conflict):
    code = "generation_in_progress"
    default_message = "The text is still being generated - wait for it, or cancel the generation"


class GenerationFinished(Conflict):
    code = "generation_finished"
    default_message = "This generation has already finished - there is nothing to cancel"


class GenerationNotPending(Conflict):
    code = "generation_not_pending"
    default_message = "This generation is not pending - it has started or has finished"


class NothingToSave(Conflict):
    code = "nothing_to_save"
    default_message = "There is no text to save yet"


class PreconditionFailed(AppError):
    code = "precondition_failed"
    default_message = "A precondition of the request is not met"


class RevisionMismatch(PreconditionFailed):
    """The content's revision is `current`, which does not match `If-Match`."""

    code = "revision_mismatch"
    default_message = "This was changed elsewhere meanwhile - load it again before you change it"

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__()


class IdempotencyInProgress(Conflict):
    """The first request with this Idempotency-Key is still in progress. `retry_after` is in whole seconds."""

    code = "idempotency_in_progress"
    default_message = "The first request with this Idempotency-Key is still in progress - please try again"

    def __init__(self, message: str | None = None, *, retry_after: int = 1) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class RateLimited(AppError):
    """Too many requests. `retry_after` is in whole seconds."""

    code = "rate_limited"
    default_message = "Too many requests - please slow down"

    def __init__(self, message: str | None = None, *, retry_after: int = 60) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class QueueFull(RateLimited):
    code = "queue_full"
    default_message = "Too many generations are already waiting - please try again when one has started"


class Unavailable(AppError):
    """A required server does not respond. `retry_after` is in whole seconds."""

    code = "unavailable"
    default_message = "The service is temporarily unavailable - please try again"

    def __init__(self, message: str | None = None, *, retry_after: int = 5) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class GenerationError(AppError):
    """One attempt failed. `message` is the reason shown to the user, `failure_code` the one for programs.

    `usage` is the attempt's TokenUsage, or None if unknown. `called` is False if the model was not called.
    """

    code = "generation_failed"
    called = True

    def __init__(self, message: str, *, failure_code: str = "internal", usage: Any = None) -> None:
        self.failure_code = failure_code
        self.usage = usage
        super().__init__(message)


class TransientFailure(GenerationError):
    """A retry may succeed.

    `feedback` is added to the next prompt. `retry_after` is the delay in seconds that the provider requests before a
    retry. `cut_off` is True if the answer reached the token limit.
    """

    def __init__(
        self,
        message: str,
        *,
        failure_code: str = "internal",
        feedback: str | None = None,
        cut_off: bool = False,
        retry_after: float | None = None,
        usage: Any = None,
    ) -> None:
        self.feedback = feedback
        self.cut_off = cut_off
        self.retry_after = retry_after
        super().__init__(message, failure_code=failure_code, usage=usage)


class PermanentFailure(GenerationError):
    """A retry would fail the same way."""
