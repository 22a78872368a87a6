"""Accounts and sessions over HTTP: every row of the auth table, with its errors."""

from __future__ import annotations

import math
import threading
import time
import unicodedata
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import bcrypt
import jwt
import pytest
from werkzeug.test import Client, TestResponse

from app.auth.models import RefreshToken, Session, User
from app.auth.passwords import PasswordHasher
from app.auth.tokens import RefreshTokens
from app.clock import utcnow
from app.config import Settings
from app.emails import canonical
from app.errors import AccountDisabled, Unauthenticated
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import PASSWORD, Answer, Http, Person, new_email

USER_KEYS = {"id", "email", "firstName", "lastName", "fullName"}
WRONG_TYPES = [{"$gt": ""}, {"$ne": None}, ["text"], 1, True, None]
BY_COOKIE = {"X-Auth-Transport": "cookie"}
NewClient = Callable[[], Client]
Rounds = Callable[[int, int], int]


def registration(**changes: Any) -> dict[str, Any]:
    return {"email": new_email(), "password": PASSWORD, "firstName": "José", "lastName": "O'Brien"} | changes


def refused(answer: Answer, message: str | None = None, code: str = "unauthenticated") -> None:
    body = error_of(answer, 401)
    assert body["code"] == code
    assert message is None or body["message"] == message


def refresh(http: Http, token: str) -> Answer:
    return http("POST", "/api/auth/refresh", {"refresh_token": token})


def renewed(http: Http, token: str) -> str:
    """Refreshes, and returns the new refresh token."""
    return str(data_of(refresh(http, token), 200, "Access token refreshed successfully")["refresh_token"])


def me(http: Http, access_token: str) -> Answer:
    return http("GET", "/api/auth/me", None, {"Authorization": f"Bearer {access_token}"})


# --- register


def test_registering_creates_an_account_and_logs_in(http: Http) -> None:
    """201 with the user and a valid pair of tokens, but without the password."""
    body = registration()
    data = data_of(http("POST", "/api/auth/register", body), 201, "User registered successfully")
    assert set(data) == {"user", "access_token", "refresh_token"}
    user = data["user"]
    assert set(user) == USER_KEYS
    assert (user["email"], user["firstName"], user["lastName"]) == (body["email"], "José", "O'Brien")
    assert user["fullName"] == "José O'Brien"
    assert PASSWORD not in str(data)
    assert "assword" not in str(data)
    assert me(http, data["access_token"])[0] == 200
    assert refresh(http, data["refresh_token"])[0] == 200


@pytest.mark.usefixtures("documents")
def test_only_a_bcrypt_hash_of_the_password_is_stored(person: Person, settings: Settings) -> None:
    stored = User.objects(id=person.user["id"]).as_pymongo().first()
    assert PASSWORD not in str(stored)
    assert stored["password_hash"].startswith(f"$2b${settings.bcrypt_rounds:02}$")


@pytest.mark.parametrize(
    "change", [str, str.upper, str.title, "  {}  ".format, "\t{}\n".format], ids=["same", "upper", "title", "sp", "tab"]
)
def test_an_email_has_one_account(http: Http, person: Person, change: Callable[[str], str]) -> None:
    """409 even for the same address in another case or with surrounding spaces."""
    error = error_of(http("POST", "/api/auth/register", registration(email=change(person.email))), 409)
    assert (error["message"], error["code"]) == ("Email already registered", "conflict")


@pytest.mark.usefixtures("documents")
def test_eight_concurrent_registrations_create_one_account(new_client: NewClient, rounds: Rounds) -> None:
    start = threading.Barrier(8)

    def register(body: dict[str, Any]) -> tuple[int, str]:
        client = new_client()
        start.wait()
        response = client.post("/api/auth/register", json=body)
        return response.status_code, response.get_json()["message"]

    for _ in range(rounds(2, 100)):
        body = registration()
        with ThreadPoolExecutor(8) as threads:
            answers = sorted(threads.map(register, [body] * 8))
        assert answers == [(201, "User registered successfully")] + [(409, "Email already registered")] * 7
        assert User.objects(email=body["email"]).count() == 1


def test_the_email_is_stored_trimmed_and_in_lower_case(http: Http) -> None:
    email = new_email()
    _, answer = http("POST", "/api/auth/register", registration(email=f"  {email.upper()} "))
    assert answer["data"]["user"]["email"] == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "   ",
        "plain",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@b@example.com",
        "a@example..com",
        "a\x00@example.com",
        f"{'a' * 250}@example.com",
        "<script>@example.com",
    ],
)
def test_invalid_emails_are_rejected(http: Http, email: str) -> None:
    assert bad_fields(http("POST", "/api/auth/register", registration(email=email))) == ["email"]


@pytest.mark.parametrize(
    "password",
    ["Abcdef12", "Pässwör1", "Aa1" + "é" * 34 + "x", "Aa1" + "x" * 69, "Ünï1" + "🐝" * 16, "ÀÉÎÕÜß1a", "With space 1"],
    ids=["8 characters", "8 with umlauts", "72 bytes of é", "72 ascii", "bees", "accented case", "spaces"],
)
def test_a_valid_password_is_accepted_and_logs_in(http: Http, password: str) -> None:
    """The lower limit counts characters, and the upper one counts bytes."""
    body = registration(password=password)
    assert http("POST", "/api/auth/register", body)[0] == 201
    login = {"email": body["email"], "password": password}
    assert http("POST", "/api/auth/login", login)[0] == 200
    assert http("POST", "/api/auth/login", login | {"password": password[:-1]})[0] == 401


@pytest.mark.parametrize(
    "password",
    ["", "Abcde12", "Äöü12", "abcdefg1", "ABCDEFG1", "Abcdefgh", "12345678", "Aa1" + "é" * 35, "Aa1" + "x" * 70],
    ids=["empty", "7", "5 in 8 bytes", "no upper", "no lower", "no digit", "digits", "73 bytes of é", "73 ascii"],
)
def test_an_invalid_password_is_rejected(http: Http, password: str) -> None:
    """Including one that bcrypt would truncate at 72 bytes."""
    body = registration(password=password)
    answer = http("POST", "/api/auth/register", body)
    assert bad_fields(answer) == ["password"]
    assert not password or password not in str(answer[1])


def test_a_password_that_is_too_long_is_never_truncated(http: Http) -> None:
    body = registration(password="Aa1" + "x" * 69)
    assert http("POST", "/api/auth/register", body)[0] == 201
    longer = {"email": body["email"], "password": body["password"] + "y"}
    refused(http("POST", "/api/auth/login", longer), "Invalid email or password")


# --- different forms of one address or password


def test_an_address_has_one_account_for_every_form_of_its_domain(http: Http) -> None:
    """A browser's form sends `xn--`, other clients send the address as typed. Both are stored in their DNS form."""
    typed = f"ann@b\u00fccher{uuid.uuid4().hex}.example"
    ascii_form = canonical(typed)
    status, answer = http("POST", "/api/auth/register", registration(email=typed))
    assert (status, answer["data"]["user"]["email"]) == (201, ascii_form)
    for form in (ascii_form, typed.upper(), unicodedata.normalize("NFD", typed)):
        assert http("POST", "/api/auth/login", {"email": form, "password": PASSWORD})[0] == 200
        assert error_of(http("POST", "/api/auth/register", registration(email=form)), 409)["code"] == "conflict"


@pytest.mark.usefixtures("documents")
def test_an_account_of_an_earlier_release_is_found_and_remains_the_only_one(http: Http, person: Person) -> None:
    """Earlier releases stored addresses as typed, and some would be rejected now."""
    name = uuid.uuid4().hex
    for old in (f"ann@b\u00fccher{name}.example", f"ann{name}@localhost"):
        User.objects(id=person.user["id"]).update(set__email=old)
        assert http("POST", "/api/auth/login", {"email": old, "password": PASSWORD})[0] == 200
    User.objects(id=person.user["id"]).update(set__email=f"ann@b\u00fccher{name}.example")
    ascii_form = canonical(f"ann@b\u00fccher{name}.example")
    assert http("POST", "/api/auth/login", {"email": ascii_form, "password": PASSWORD})[0] == 200
    assert error_of(http("POST", "/api/auth/register", registration(email=ascii_form)), 409)["code"] == "conflict"


@pytest.mark.parametrize("email", ["ann@localhost", "a@b@example.com", '"a@b"@example.com', "a@127.0.0.1", "a@b"])
def test_undeliverable_addresses_are_rejected(http: Http, email: str) -> None:
    assert bad_fields(http("POST", "/api/auth/register", registration(email=email))) == ["email"]


def test_a_password_is_the_same_composed_and_decomposed(http: Http) -> None:
    """A Mac sends decomposed accents, and the user also logs in from other computers."""
    composed, decomposed = (unicodedata.normalize(form, "Pässwörter\u00a07") for form in ("NFC", "NFD"))
    for registered, typed in ((composed, decomposed), (decomposed, composed.replace("\u00a0", " "))):
        body = registration(password=registered)
        assert http("POST", "/api/auth/register", body)[0] == 201
        assert http("POST", "/api/auth/login", {"email": body["email"], "password": typed})[0] == 200


@pytest.mark.usefixtures("documents")
def test_a_password_hashed_without_normalisation_is_rehashed(http: Http, person: Person) -> None:
    """By the first login with it. After that, all ways of typing it work."""
    composed, decomposed = (unicodedata.normalize(form, "Pässwörter7") for form in ("NFC", "NFD"))
    old = bcrypt.hashpw(decomposed.encode(), bcrypt.gensalt(4)).decode()
    User.objects(id=person.user["id"]).update(set__password_hash=old)
    login = {"email": person.email, "password": composed}
    assert http("POST", "/api/auth/login", login)[0] == 401
    assert http("POST", "/api/auth/login", login | {"password": decomposed})[0] == 200
    assert http("POST", "/api/auth/login", login)[0] == 200
    assert http("POST", "/api/auth/login", login | {"password": decomposed})[0] == 200


MARKS = "a" + "\u0301\u0323" * 2000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("firstName", MARKS),
        ("lastName", "a" + "\u0301" * 31),
        ("email", f"{MARKS}@example.com"),
        ("email", "a@a" + "\u0301" * 31 + ".example"),
        ("password", f"Xy7{MARKS}"),
        ("password", "Xy7abcde" + "\u0301" * 31),
    ],
    ids=["name", "run in a name", "email", "run in a domain", "password", "run in a password"],
)
def test_texts_that_take_long_to_compose_are_rejected_at_their_field(http: Http, field: str, value: str) -> None:
    assert bad_fields(http("POST", "/api/auth/register", registration(**{field: value}))) == [field]


@pytest.mark.parametrize("field", ["firstName", "lastName"])
@pytest.mark.parametrize(
    "name",
    [
        "José",
        "O'Brien",
        "D\u2019Arcy",
        "Anne-Marie",
        "von Neumann",
        "李小龙",
        "李小龍",
        "अनिता",
        "श्रीनिवास",
        "Мария",
        "محمد",
        "علی\u200cرضا",  # noqa: RUF001
        "יוסף",
        "ธนากร",
        "김민준",
        "Ñ",
        "Núñez i Güell",
        "x" * 50,
        "O\u2018tkir",
        "בן־גוריון",
        "マリア・テレサ",
        "King, Jr.",
        "3rd",
    ],
)
def test_names_of_any_script_are_accepted(http: Http, field: str, name: str) -> None:
    status, answer = http("POST", "/api/auth/register", registration(**{field: name}))
    assert status == 201, answer
    assert answer["data"]["user"][field] == name


def test_names_are_stored_trimmed_and_composed(http: Http) -> None:
    """Surrounding spaces are removed, and a letter with a separate accent becomes one character."""
    body = registration(firstName="  Jose\u0301 ", lastName="\tLi\n")
    _, answer = http("POST", "/api/auth/register", body)
    assert answer["data"]["user"]["fullName"] == "José Li"


@pytest.mark.parametrize("field", ["firstName", "lastName"])
@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 51,
        "R2D2",
        "123",
        "<script>",
        "a\nb",
        "a\x00b",
        "🐝",
        "-",
        "a;b",
        "a@b.c",
        "{{7*7}}",
        "\u3164",
        "\u200b",
    ],
)
def test_invalid_names_are_422(http: Http, field: str, name: str) -> None:
    assert bad_fields(http("POST", "/api/auth/register", registration(**{field: name}))) == [field]


def test_every_bad_field_is_named_once(http: Http) -> None:
    answer = http("POST", "/api/auth/register", {"email": "x", "password": "x", "firstName": "1", "lastName": ""})
    assert bad_fields(answer) == ["email", "firstName", "lastName", "password"]


def test_every_missing_field_is_named_once(http: Http) -> None:
    assert bad_fields(http("POST", "/api/auth/register", {})) == ["email", "firstName", "lastName", "password"]
    assert bad_fields(http("POST", "/api/auth/login", {})) == ["email", "password"]


@pytest.mark.parametrize("value", WRONG_TYPES, ids=repr)
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/auth/register", "email"),
        ("/api/auth/register", "password"),
        ("/api/auth/register", "firstName"),
        ("/api/auth/register", "lastName"),
        ("/api/auth/login", "email"),
        ("/api/auth/login", "password"),
        ("/api/auth/refresh", "refresh_token"),
        ("/api/auth/refresh-token", "refresh_token"),
        ("/api/auth/logout", "refresh_token"),
    ],
)
def test_wrong_json_types_are_rejected(http: Http, path: str, field: str, value: Any) -> None:
    """MongoDB operators, lists, numbers and null instead of a string."""
    bodies = {
        "/api/auth/register": registration(),
        "/api/auth/login": {"email": new_email(), "password": PASSWORD},
    }
    assert bad_fields(http("POST", path, bodies.get(path, {}) | {field: value})) == [field]


@pytest.mark.parametrize("field", ["id", "_id", "disabled_at", "password_hash", "$where", "first_name"])
def test_a_registration_only_sets_its_four_fields(http: Http, field: str) -> None:
    assert bad_fields(http("POST", "/api/auth/register", registration(**{field: "x"}))) == [field]


# --- log in


@pytest.mark.parametrize("change", [str, str.upper, "  {}  ".format], ids=["same", "upper", "spaces"])
def test_logging_in(http: Http, person: Person, change: Callable[[str], str]) -> None:
    """200 with the same user and a separate pair of tokens."""
    answer = http("POST", "/api/auth/login", {"email": change(person.email), "password": PASSWORD})
    data = data_of(answer, 200, "Login successful")
    assert set(data) == {"user", "access_token", "refresh_token"}
    assert data["user"] == person.user
    assert data["refresh_token"] != person.refresh_token
    assert PASSWORD not in str(data)


def test_a_wrong_password_and_an_unknown_email_look_the_same(http: Http, person: Person) -> None:
    wrong = http("POST", "/api/auth/login", {"email": person.email, "password": "WrongPass123"})
    unknown = http("POST", "/api/auth/login", {"email": new_email(), "password": PASSWORD})
    for answer in (wrong, unknown):
        refused(answer, "Invalid email or password")
    assert wrong[1] | {"requestId": ""} == unknown[1] | {"requestId": ""}


@pytest.mark.parametrize("password", ["securepass123", f"{PASSWORD} ", f"{PASSWORD}\x00", "x", "🐝" * 400])
def test_a_password_must_match_exactly(http: Http, person: Person, password: str) -> None:
    refused(http("POST", "/api/auth/login", {"email": person.email, "password": password}))


def test_an_unknown_email_takes_one_bcrypt_check_of_the_same_cost() -> None:
    """So the response time does not reveal which addresses have an account."""
    costs: list[tuple[str, int]] = []

    def recording(function: Callable[..., Any], *args: Any) -> Any:
        costs.append((function.__name__, int(args[1].split(b"$")[2])))
        return function(*args)

    hasher = PasswordHasher(4, recording)
    known = hasher.hash(PASSWORD)
    assert not hasher.matches(PASSWORD, None)
    costs.clear()
    assert not hasher.matches("WrongPass123", known)
    assert not hasher.matches(PASSWORD, None)
    assert not hasher.matches("x" * 73, known)
    assert costs == [("checkpw", 4)] * 3


@pytest.mark.usefixtures("documents")
def test_a_disabled_account_cannot_log_in_or_refresh(http: Http, person: Person) -> None:
    User.objects(id=person.user["id"]).update(set__disabled_at=utcnow())
    login = http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD})
    refused(login, AccountDisabled.default_message, "account_disabled")
    refused(refresh(http, person.refresh_token))


# --- access tokens


def test_me_returns_the_user_of_the_token(person: Person) -> None:
    assert data_of(person.call("GET", "/api/auth/me"), 200, None) == {"user": person.user}


Forge = Callable[[dict[str, Any], str], str]
"""Creates a token from the claims of a valid one and the secret for its type."""


def _tampered(claims: dict[str, Any], secret: str) -> str:
    """A token with a valid signature whose claims were changed afterwards."""
    header, _, signature = jwt.encode(claims, secret, "HS256").split(".")
    _, other, _ = jwt.encode(claims | {"sub": "507f1f77bcf86cd799439011"}, secret, "HS256").split(".")
    return f"{header}.{other}.{signature}"


FORGED: dict[str, Forge] = {
    "empty": lambda _claims, _secret: "",
    "words": lambda _claims, _secret: "not a token",
    "dots": lambda _claims, _secret: "..",
    "two parts": lambda claims, secret: jwt.encode(claims, secret, "HS256").rpartition(".")[0],
    "not ascii": lambda _claims, _secret: "é.é.é",
    "tampered": _tampered,
    "signature cut off": lambda claims, secret: jwt.encode(claims, secret, "HS256")[:-4],
    "no signature": lambda claims, secret: jwt.encode(claims, secret, "HS256").rpartition(".")[0] + ".",
    "alg none": lambda claims, _secret: jwt.encode(claims, None, "none"),
    "another algorithm": lambda claims, secret: jwt.encode(claims, secret, "HS512"),
    "wrong secret": lambda claims, _secret: jwt.encode(claims, "another-secret-of-at-least-32-bytes!", "HS256"),
    "no subject": lambda claims, secret: jwt.encode({k: claims[k] for k in claims if k != "sub"}, secret, "HS256"),
    "wrong type": lambda claims, secret: jwt.encode(claims | {"type": "other"}, secret, "HS256"),
    "not yet valid": lambda claims, secret: jwt.encode(claims | {"nbf": time.time() + 999}, secret, "HS256"),
}


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_access_token_is_rejected(http: Http, person: Person, settings: Settings, forge: Forge) -> None:
    refused(me(http, forge(claims_of(person.access_token), settings.jwt_secret)))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic dTpw"},
        {"Authorization": "Bearer a b c"},
        {"Authorization": "{token}"},
        {"Authorization": "Token {token}"},
        {"Cookie": "access_token={token}; access_token_cookie={token}"},
        {"X-Access-Token": "{token}"},
    ],
    ids=str,
)
def test_a_token_is_only_accepted_as_a_bearer_token(http: Http, person: Person, headers: dict[str, str]) -> None:
    sent = {name: value.replace("{token}", person.access_token) for name, value in headers.items()}
    refused(http("GET", "/api/auth/me", None, sent))


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "bEaReR", "Bearer ", "Bearer   "])
def test_the_scheme_ignores_case(http: Http, person: Person, scheme: str) -> None:
    """RFC 9110 section 11.1."""
    assert http("GET", "/api/auth/me", None, {"Authorization": f"{scheme} {person.access_token}"})[0] == 200


def test_a_token_in_the_url_is_not_accepted(http: Http, person: Person) -> None:
    refused(http("GET", f"/api/auth/me?jwt={person.access_token}&access_token={person.access_token}"))


def test_a_cached_access_token_expires_on_time(http: Http, person: Person, settings: Settings) -> None:
    """Verified tokens are cached, but not beyond their expiry."""
    now = time.time()
    claims = jwt.decode(person.access_token, settings.jwt_secret, ["HS256"]) | {"exp": math.ceil(now) + 3}
    token = jwt.encode(claims, settings.jwt_secret, "HS256")
    assert me(http, token)[0] == 200
    time.sleep(max(0.0, claims["exp"] - time.time()))
    refused(me(http, token), "Token has expired", "token_expired")


def test_an_expired_access_token_has_its_own_error_code(http: Http, person: Person, settings: Settings) -> None:
    """It tells clients when to refresh."""
    claims = claims_of(person.access_token) | {"exp": int(time.time()) - 1}
    refused(me(http, jwt.encode(claims, settings.jwt_secret, "HS256")), "Token has expired", "token_expired")


def test_token_lifetimes_match_the_settings(person: Person, settings: Settings) -> None:
    access, spare = claims_of(person.access_token), claims_of(person.refresh_token)
    assert access["exp"] - access["iat"] == settings.jwt_expiration.total_seconds() == 900
    assert spare["exp"] - spare["iat"] == settings.jwt_refresh_expiration.total_seconds() == 7 * 86400


def test_a_refresh_token_is_not_accepted_as_an_access_token(http: Http, person: Person, settings: Settings) -> None:
    """Neither unchanged nor with its claims signed with the access secret."""
    refused(me(http, person.refresh_token))
    refused(me(http, jwt.encode(claims_of(person.refresh_token), settings.jwt_secret, "HS256")))
    access_claims_under_the_wrong_secret = jwt.encode(
        claims_of(person.access_token), settings.jwt_refresh_secret, "HS256"
    )
    refused(me(http, access_claims_under_the_wrong_secret))


# --- refresh


@pytest.mark.parametrize("path", ["/api/auth/refresh", "/api/auth/refresh-token"])
def test_refreshing_exchanges_the_token_for_a_new_pair(http: Http, person: Person, path: str) -> None:
    answer = http("POST", path, {"refresh_token": person.refresh_token})
    data = data_of(answer, 200, "Access token refreshed successfully")
    assert set(data) == {"user", "access_token", "refresh_token"}
    assert data["user"] == person.user
    assert data["refresh_token"] != person.refresh_token
    assert me(http, data["access_token"])[0] == 200
    assert refresh(http, data["refresh_token"])[0] == 200


@pytest.mark.parametrize("path", ["/api/auth/refresh", "/api/auth/logout"])
@pytest.mark.parametrize("forge", list(FORGED.values())[1:], ids=list(FORGED)[1:])
def test_a_forged_refresh_token_is_rejected(
    http: Http, person: Person, settings: Settings, path: str, forge: Forge
) -> None:
    forged = forge(claims_of(person.refresh_token), settings.jwt_refresh_secret)
    refused(http("POST", path, {"refresh_token": forged}), "Invalid refresh token")
    assert refresh(http, person.refresh_token)[0] == 200


def test_an_empty_refresh_token_is_rejected(http: Http) -> None:
    for path in ("/api/auth/refresh", "/api/auth/refresh-token", "/api/auth/logout"):
        assert bad_fields(http("POST", path, {"refresh_token": ""})) == ["refresh_token"]
        assert bad_fields(http("POST", path, {})) == ["refresh_token"]
        assert bad_fields(http("POST", path)) == ["refresh_token"]


def test_an_access_token_is_not_accepted_as_a_refresh_token(http: Http, person: Person, settings: Settings) -> None:
    """Neither unchanged nor with its claims signed with the refresh secret."""
    refused(refresh(http, person.access_token))
    refused(refresh(http, jwt.encode(claims_of(person.access_token), settings.jwt_refresh_secret, "HS256")))


def test_only_tokens_of_type_refresh_are_accepted_as_refresh_tokens(person: Person, settings: Settings) -> None:
    """Regardless of what is stored: the claim is checked before any lookup."""
    tokens = RefreshTokens(settings)
    assert tokens.check(person.refresh_token)
    for kind in ("access", "other", None):
        claims = claims_of(person.refresh_token) | {"type": kind}
        with pytest.raises(Unauthenticated):
            tokens.check(jwt.encode(claims, settings.jwt_refresh_secret, "HS256"))


def test_a_valid_refresh_token_that_was_never_stored_is_rejected(
    http: Http, person: Person, settings: Settings
) -> None:
    claims = claims_of(person.refresh_token) | {"jti": "another"}
    refused(refresh(http, jwt.encode(claims, settings.jwt_refresh_secret, "HS256")))


def test_an_expired_refresh_token_requires_a_new_login(http: Http, person: Person, settings: Settings) -> None:
    claims = claims_of(person.refresh_token) | {"exp": int(time.time()) - 1}
    answer = refresh(http, jwt.encode(claims, settings.jwt_refresh_secret, "HS256"))
    refused(answer, "Refresh token has expired - please log in again", "token_expired")


def spent_earlier(user_id: str, ago: timedelta) -> None:
    """Moves the time at which this user's tokens were used into the past."""
    for token in RefreshToken.objects(user_id=user_id, rotated_at__ne=None):
        RefreshToken.objects(id=token.id).update(set__rotated_at=token.rotated_at - ago)


@pytest.mark.usefixtures("documents")
def test_a_duplicate_refresh_does_not_log_out(http: Http, person: Person) -> None:
    """Two tabs that refresh with the same token within 10 s each get a valid pair."""
    first = renewed(http, person.refresh_token)
    spent_earlier(person.user["id"], timedelta(seconds=8))
    second = renewed(http, person.refresh_token)
    assert first != second
    assert renewed(http, first)
    assert renewed(http, second)


def test_concurrent_refreshes_all_work(new_client: NewClient, http: Http, rounds: Rounds) -> None:
    start = threading.Barrier(4)

    def spend(token: str) -> int:
        client = new_client()
        start.wait()
        return client.post("/api/auth/refresh", json={"refresh_token": token}).status_code

    for _ in range(rounds(2, 100)):
        person = Person.register(http)
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(spend, [person.refresh_token] * 4)) == [200] * 4


@pytest.mark.usefixtures("documents")
def test_reuse_of_a_used_refresh_token_ends_its_session(http: Http, person: Person) -> None:
    """After 10 s it counts as stolen: its whole token family is revoked. Other sessions are not affected."""
    _, other = http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD})
    middle = renewed(http, person.refresh_token)
    newest = renewed(http, middle)
    spent_earlier(person.user["id"], timedelta(seconds=11))
    refused(refresh(http, person.refresh_token), "Refresh token was already used - please log in again")
    for token in (newest, middle, person.refresh_token):
        refused(refresh(http, token))
    assert refresh(http, other["data"]["refresh_token"])[0] == 200


@pytest.mark.usefixtures("documents")
def test_refresh_tokens_are_stored_hashed_with_device_address_and_expiry(http: Http, settings: Settings) -> None:
    """Neither token can be read from the database."""
    headers = {"User-Agent": "Browser of the test"}
    _, answer = http("POST", "/api/auth/register", registration(), headers)
    data = answer["data"]
    renewed_token = renewed(http, data["refresh_token"])
    stored = list(RefreshToken.objects(user_id=data["user"]["id"]).order_by("created_at").as_pymongo())
    assert len(stored) == 2
    for token in (data["access_token"], data["refresh_token"], renewed_token):
        assert token not in str(stored)
        assert token.rpartition(".")[2] not in str(stored)
    assert stored[0]["family_id"] == stored[1]["family_id"]
    session = Session.objects(id=stored[0]["family_id"]).get()
    assert (str(session.user_id), session.address) == (data["user"]["id"], "127.0.0.1")
    lifetime = stored[0]["expires_at"] - stored[0]["created_at"]
    assert abs(lifetime - settings.jwt_refresh_expiration) < timedelta(seconds=5)


@pytest.mark.usefixtures("documents")
def test_mongodb_removes_expired_refresh_tokens() -> None:
    indexes = RefreshToken._get_collection().index_information()
    ttl = [index for index in indexes.values() if "expireAfterSeconds" in index]
    assert [(index["key"], index["expireAfterSeconds"]) for index in ttl] == [([("expires_at", 1)], 0)]


# --- log out


def test_logging_out_revokes_the_session(http: Http, person: Person) -> None:
    """Neither the token nor its successors can refresh any more."""
    newest = renewed(http, person.refresh_token)
    answer = http("POST", "/api/auth/logout", {"refresh_token": newest})
    assert data_of(answer, 200, "Logged out successfully") is None
    refused(refresh(http, newest))
    refused(refresh(http, person.refresh_token))


def test_logging_out_does_not_end_other_sessions(http: Http, person: Person) -> None:
    _, other = http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD})
    assert http("POST", "/api/auth/logout", {"refresh_token": person.refresh_token})[0] == 200
    assert refresh(http, other["data"]["refresh_token"])[0] == 200


def test_logging_out_twice_succeeds(http: Http, person: Person) -> None:
    for _ in range(2):
        assert http("POST", "/api/auth/logout", {"refresh_token": person.refresh_token})[0] == 200


# --- cookies


@pytest.fixture
def browser(new_client: NewClient) -> Client:
    """A browser that has registered with its refresh token in the cookie."""
    client = new_client()
    assert client.post("/api/auth/register", json=registration(), headers=BY_COOKIE).status_code == 201
    return client


def cookie_of(client: Client) -> str | None:
    cookie = client.get_cookie("refresh_token", path="/api/auth")
    return cookie.value if cookie else None


def answer_of(response: TestResponse) -> Answer:
    return response.status_code, response.get_json()


@pytest.mark.parametrize("path", ["/api/auth/register", "/api/auth/login"])
def test_a_browser_gets_its_refresh_token_in_a_cookie(new_client: NewClient, person: Person, path: str) -> None:
    """Not in the body. Scripts and other sites cannot access the cookie, and it is only sent to the auth routes."""
    body = registration() if path.endswith("register") else {"email": person.email, "password": PASSWORD}
    response = new_client().post(path, json=body, headers=BY_COOKIE)
    assert set(response.get_json()["data"]) == {"user", "access_token"}
    (header,) = [value for value in response.headers.getlist("Set-Cookie") if value.startswith("refresh_token=")]
    attributes = {part.strip().lower() for part in header.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/api/auth", f"max-age={7 * 86400}"} <= attributes
    assert not any(attribute.startswith("domain") for attribute in attributes)


def test_the_cookie_is_secure_only_over_https(new_client: NewClient, https: str) -> None:
    plain = new_client().post("/api/auth/register", json=registration(), headers=BY_COOKIE)
    secure = new_client().post("/api/auth/register", json=registration(), headers=BY_COOKIE, base_url=https)
    assert "; Secure" not in plain.headers["Set-Cookie"]
    assert "; Secure" in secure.headers["Set-Cookie"]


def secure_cookies(response: TestResponse) -> dict[str, str]:
    """The attributes and values of the cookies that a response sets, by name."""
    return {value.partition("=")[0]: value for value in response.headers.getlist("Set-Cookie")}


def test_over_https_sibling_domains_cannot_set_the_cookie(new_client: NewClient, https: str) -> None:
    """The name of the cookie makes browsers require this: Secure, path /, no domain."""
    client = new_client()
    response = client.post("/api/auth/register", json=registration(), headers=BY_COOKIE, base_url=https)
    (header,) = response.headers.getlist("Set-Cookie")
    assert header.startswith("__Host-refresh_token=")
    attributes = {part.strip().lower() for part in header.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=strict", f"max-age={7 * 86400}"} <= attributes
    assert not any(attribute.startswith("domain") for attribute in attributes)
    assert client.post("/api/auth/refresh", headers=BY_COOKIE, base_url=https).status_code == 200


def test_a_planted_cookie_is_ignored(new_client: NewClient, http: Http, https: str) -> None:
    """If the browser has the cookie with the safe name, one with the old name has no effect."""
    client, stranger = new_client(), Person.register(http)
    body = registration()
    client.post("/api/auth/register", json=body, headers=BY_COOKIE, base_url=https)
    client.set_cookie("refresh_token", stranger.refresh_token, domain="localhost", path="/api/auth")
    response = client.post("/api/auth/refresh", headers=BY_COOKIE, base_url=https)
    assert response.get_json()["data"]["user"]["email"] == body["email"]
    assert "refresh_token=;" in secure_cookies(response)["refresh_token"], "the old cookie is deleted"


def test_sessions_from_before_the_upgrade_stay_logged_in(new_client: NewClient, person: Person, https: str) -> None:
    """At the next refresh, the new cookie replaces the old one."""
    client = new_client()
    client.set_cookie("refresh_token", person.refresh_token, domain="localhost", path="/api/auth")
    response = client.post("/api/auth/refresh", headers=BY_COOKIE, base_url=https)
    assert response.status_code == 200
    assert set(secure_cookies(response)) == {"__Host-refresh_token", "refresh_token"}
    assert cookie_of(client) is None
    assert client.post("/api/auth/refresh", headers=BY_COOKIE, base_url=https).status_code == 200
    assert client.post("/api/auth/logout", headers=BY_COOKIE, base_url=https).status_code == 200
    assert client.post("/api/auth/refresh", headers=BY_COOKIE, base_url=https).status_code == 401


def test_without_the_header_no_cookie_is_set(new_client: NewClient) -> None:
    response = new_client().post("/api/auth/register", json=registration())
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("body", [{}, {"json": {}}], ids=["no body", "empty object"])
@pytest.mark.parametrize("site", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}], ids=str)
def test_a_browser_refreshes_by_cookie(browser: Client, body: dict[str, Any], site: dict[str, str]) -> None:
    """The cookie is replaced by the next one."""
    before = cookie_of(browser)
    response = browser.post("/api/auth/refresh", headers=BY_COOKIE | site, **body)
    assert response.status_code == 200
    assert set(response.get_json()["data"]) == {"user", "access_token"}
    after = cookie_of(browser)
    assert after
    assert after != before
    assert str(after) not in response.get_data(as_text=True)
    assert browser.post("/api/auth/refresh", headers=BY_COOKIE).status_code == 200


def test_a_browser_logs_out_by_cookie(browser: Client, http: Http) -> None:
    """The session ends and the cookie is deleted."""
    token = cookie_of(browser)
    assert token
    assert browser.post("/api/auth/logout", headers=BY_COOKIE).status_code == 200
    assert not cookie_of(browser)
    refused(refresh(http, token))


@pytest.mark.parametrize("path", ["/api/auth/refresh", "/api/auth/logout"])
@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_the_cookie_is_rejected_from_another_site(browser: Client, path: str, site: str) -> None:
    """403, and the session does not change."""
    response = browser.post(path, headers=BY_COOKIE | {"Sec-Fetch-Site": site})
    assert error_of(answer_of(response), 403)["code"] == "forbidden"
    assert browser.post("/api/auth/refresh", headers=BY_COOKIE).status_code == 200


@pytest.mark.parametrize("path", ["/api/auth/refresh", "/api/auth/logout"])
@pytest.mark.parametrize("headers", [{}, {"X-Auth-Transport": "body"}], ids=str)
def test_the_cookie_alone_is_not_accepted(browser: Client, path: str, headers: dict[str, str]) -> None:
    """Another site can make a browser send the cookie, but not the header."""
    assert bad_fields(answer_of(browser.post(path, headers=headers, json={}))) == ["refresh_token"]
    assert browser.post("/api/auth/refresh", headers=BY_COOKIE).status_code == 200


def test_the_header_without_the_cookie_is_rejected(new_client: NewClient) -> None:
    for path in ("/api/auth/refresh", "/api/auth/logout"):
        refused(answer_of(new_client().post(path, headers=BY_COOKIE)))


def test_the_cookie_is_not_accepted_as_an_access_token(browser: Client) -> None:
    refused(answer_of(browser.get("/api/auth/me", headers=BY_COOKIE)))
