"""Users, sessions and refresh tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self, cast

from bson import ObjectId
from mongoengine import DateTimeField, DictField, Document, ObjectIdField, Q, StringField
from mongoengine.errors import NotUniqueError

from app.clock import utcnow
from app.emails import known_forms
from app.errors import Conflict


class User(Document):
    """A user. `email` is stored in the canonical form of app.emails, on which the unique index is.

    Older accounts have it as typed, in lower case, so lookups try all forms.
    """

    email: str = StringField(required=True, max_length=254)
    password_hash: str = StringField(required=True)
    first_name: str = StringField(required=True, max_length=50)
    last_name: str = StringField(required=True, max_length=50)
    disabled_at: datetime | None = DateTimeField()
    deleting_at: datetime | None = DateTimeField()  # closed permanently; see app.auth.closed_accounts
    preferences: dict[str, str] = DictField(default=dict)
    role: str | None = StringField(choices=("admin",))
    limits: dict[str, int] = DictField(default=dict)  # the user's own, by the field names of app.quotas.limits.Limits
    created_at: datetime = DateTimeField(required=True, default=utcnow)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "users",
        "strict": False,  # a later release may add fields while this one still runs
        "auto_create_index": False,
        "indexes": [
            # login, and the one-account-per-address rule, also when two registrations race
            {"fields": ["email"], "unique": True},
            # recently disabled users, whose access tokens are rejected
            {"fields": ["disabled_at"], "sparse": True},
            # accounts being deleted
            {"fields": ["deleting_at"], "sparse": True},
        ],
    }

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @classmethod
    def register(cls, **values: str) -> Self:
        """Stores a new user. Raises Conflict if the email is taken, also for concurrent registrations."""
        if cls.with_email(values["email"]) is not None:
            raise Conflict("Email already registered")
        try:
            return cast("Self", cls(**values).save(force_insert=True))
        except NotUniqueError:
            raise Conflict("Email already registered") from None

    @classmethod
    def with_email(cls, email: str) -> Self | None:
        """Returns the account with this address in any of its forms, or None."""
        return cast("Self | None", cls._with_one_of(known_forms(email)).first())

    @classmethod
    def _with_one_of(cls, emails: list[str]) -> Any:
        """Returns a queryset of the accounts with one of these emails, oldest first."""
        return cls.objects(email__in=emails).order_by("id")

    @classmethod
    def with_id(cls, user_id: str) -> Self | None:
        """Returns the user with this id, or None if there is none or the account is closed."""
        if not ObjectId.is_valid(user_id):
            return None
        return cast("Self | None", cls.objects(id=user_id, deleting_at=None).first())

    @classmethod
    def disabled_since(cls, moment: datetime) -> set[str]:
        """Returns the ids of users whose accounts were disabled or closed since `moment`."""
        since = Q(disabled_at__gte=moment) | Q(deleting_at__gte=moment)
        return {str(user_id) for user_id in cls.objects(since).scalar("id")}

    @classmethod
    def change_profile(cls, user_id: str, names: dict[str, str], preferences: dict[str, str | None]) -> Self | None:
        """Sets the given values in one write; a preference of None is unset. Returns None if there is no such user."""
        own: Any = cls.objects(id=user_id)
        writes = {f"set__{name}": value for name, value in names.items()}
        writes |= {f"set__preferences__{name}": value for name, value in preferences.items() if value is not None}
        gone = {f"unset__preferences__{name}": 1 for name, value in preferences.items() if value is None}
        return cast("Self | None", own.modify(new=True, **writes, **gone) if writes or gone else own.first())

    @classmethod
    def change_password(cls, user: User, password_hash: str) -> bool:
        """Replaces the password hash. Returns False if it was changed since `user` was read."""
        unchanged: Any = cls.objects(id=user.id, password_hash=user.password_hash)
        return bool(unchanged.update_one(set__password_hash=password_hash))

    @classmethod
    def still_has_password(cls, user: User) -> bool:
        """Whether the account is enabled and its password unchanged since `user` was read."""
        unchanged: Any = cls.objects(id=user.id, password_hash=user.password_hash, disabled_at=None)
        return unchanged.only("id").first() is not None


class Session(Document):
    """A login of a user. It alone determines whether its tokens are valid.

    Its id is the `sid` of its access tokens and the `family_id` of its refresh tokens. Every refresh goes through
    `use`, which rejects a revoked session, so a token issued while its session is being revoked does not work.
    """

    id: str = StringField(primary_key=True)
    user_id: ObjectId = ObjectIdField(required=True)
    device: str = StringField(default="")
    address: str = StringField(default="")
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    last_used_at: datetime = DateTimeField(required=True, default=utcnow)
    expires_at: datetime = DateTimeField(required=True)
    revoked_at: datetime | None = DateTimeField()

    LONGEST_DEVICE: ClassVar = 200
    LONGEST_ADDRESS: ClassVar = 64

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "sessions",
        "strict": False,  # as above
        "auto_create_index": False,
        "indexes": [
            # a user's sessions; log out everywhere
            {"fields": ["user_id", "-last_used_at"]},
            # recently revoked sessions, whose access tokens are rejected
            {"fields": ["revoked_at"], "sparse": True},
            # TTL: removed when its last refresh token has expired
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
        ],
    }

    @classmethod
    def open(cls, session_id: str, user_id: Any, device: str, address: str, expires_at: datetime) -> Self:
        session = cls(
            id=session_id,
            user_id=user_id,
            device=device[: cls.LONGEST_DEVICE],
            address=address[: cls.LONGEST_ADDRESS],
            expires_at=expires_at,
        )
        return cast("Self", session.save(force_insert=True))

    @classmethod
    def use(cls, session_id: str, device: str, address: str, expires_at: datetime) -> Self | None:
        """Records a refresh and extends the session. Returns None if it was revoked or does not exist."""
        live: Any = cls.objects(id=session_id, revoked_at=None)
        used = live.modify(
            new=True,
            set__last_used_at=utcnow(),
            set__device=device[: cls.LONGEST_DEVICE],
            set__address=address[: cls.LONGEST_ADDRESS],
            max__expires_at=expires_at,
        )
        return cast("Self | None", used)

    @classmethod
    def revoke(cls, session_id: str) -> None:
        """Revokes a session. Idempotent."""
        cls.objects(id=session_id, revoked_at=None).update_one(set__revoked_at=utcnow())

    @classmethod
    def revoke_own(cls, user_id: str, session_id: str) -> bool:
        """Revokes a session of this user. Returns False if there is no such live session."""
        live: Any = cls.objects(id=session_id, user_id=user_id, revoked_at=None)
        return bool(live.update_one(set__revoked_at=utcnow()))

    @classmethod
    def revoke_all(cls, user_id: Any, *, but: str | None = None) -> None:
        """Revokes all sessions of a user, or all but one."""
        cls.objects(user_id=user_id, revoked_at=None, id__ne=but).update(set__revoked_at=utcnow())

    @classmethod
    def live_of(cls, user_id: str) -> list[Self]:
        """Returns a user's sessions that can still be refreshed, most recently used first."""
        return list(cls.objects(user_id=user_id, revoked_at=None, expires_at__gt=utcnow()).order_by("-last_used_at"))

    @classmethod
    def revoked_since(cls, moment: datetime) -> list[tuple[str, datetime]]:
        """Returns the ids and revocation times of sessions revoked since `moment`."""
        return list(cls.objects(revoked_at__gte=moment).scalar("id", "revoked_at"))


class RefreshToken(Document):
    """An issued refresh token. Only its SHA-256 is stored.

    All tokens of one login share a `family_id`: the id of their Session, which says whether they still work.
    The first use of a token sets its `rotated_at`; after that it cannot be used again.
    """

    token_hash: str = StringField(required=True)
    user_id: ObjectId = ObjectIdField(required=True)
    family_id: str = StringField(required=True)
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    expires_at: datetime = DateTimeField(required=True)
    rotated_at: datetime | None = DateTimeField()

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "refresh_tokens",
        "strict": False,  # documents from before sessions had a collection of their own have more fields
        "auto_create_index": False,
        "indexes": [
            # refresh and logout find a token by its hash
            {"fields": ["token_hash"], "unique": True},
            # TTL: MongoDB removes what has expired
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
        ],
    }

    @classmethod
    def keep(cls, token_hash: str, **values: Any) -> Self:
        """Stores a new token and returns it. Idempotent."""
        try:
            return cast("Self", cls(token_hash=token_hash, **values).save(force_insert=True))
        except NotUniqueError:
            return cast("Self", cls.objects(token_hash=token_hash).get())

    @classmethod
    def with_hash(cls, token_hash: str) -> Self | None:
        return cast("Self | None", cls.objects(token_hash=token_hash).first())

    @classmethod
    def rotate(cls, token_hash: str) -> Self | None:
        """Marks an unused token as used, atomically. Returns None if it was used before or does not exist."""
        unused: Any = cls.objects(token_hash=token_hash, rotated_at=None)
        return cast("Self | None", unused.modify(set__rotated_at=utcnow(), new=True))
