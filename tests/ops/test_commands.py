"""What operators do at the command line: output, JSON and exit codes."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest
from flask import Flask

from app.auth.models import User
from app.clock import utcnow
from app.content.document import Content
from tests.attempts import claim, fail
from tests.ops.conftest import Command, Ran, run_process
from tests.person import PASSWORD, Http, Person, new_email
from tools.system import Servers, System


def let_fail(content_id: str, reason: str = "Gemini API quota exceeded", ago: timedelta = timedelta()) -> None:
    """Makes a pending generation fail like a worker does, some time ago."""
    Content.objects(id=content_id).update(set__due_at=utcnow())
    assert claim(content_id, owner=content_id)
    assert fail(content_id, content_id, reason)
    Content.objects(id=content_id).update(set__finished_at=utcnow() - ago)


def test_a_working_system_passes_the_check(flask_process: Command, servers: Servers) -> None:
    """Every part is checked, at no cost. The tests run a development system, which causes a warning."""
    assert flask_process("ensure-indexes").code == 0
    asked = servers.standin.report()["total"]
    ran = flask_process("check", "--json")
    assert servers.standin.report()["total"] == asked, "a check costs no tokens"
    assert (ran.code, ran.json["ok"]) == (0, True), ran
    assert "Warning" not in ran.errors, "warnings of libraries are not shown to operators"
    states = {check["name"]: check["state"] for check in ran.json["checks"]}
    assert states == {
        "settings": "warning",
        "metrics": "warning",
        "mongodb": "ok",
        "redis": "ok",
        "workers": "ok",
        "gemini": "ok",
    }, ran.out


def test_the_check_says_what_is_wrong_and_what_to_do(servers: Servers, nobody: str) -> None:
    """Redis is unreachable and Gemini rejects the key: two problems, each with advice. No password is shown."""
    environ = servers.environ("checked", REDIS_URL=f"redis://:hunter2@{nobody}", GOOGLE_AI_API_KEY="invalid-key")
    ran = run_process([sys.executable, "-m", "flask", "check"], environ)
    assert ran.code == 1
    assert "redis    problem" in ran.out
    assert "→ Check the host and port in REDIS_URL" in ran.out
    assert "gemini   problem  Invalid or missing Gemini API key" in ran.out
    assert "→ Run `flask ensure-indexes`." in ran.out
    assert "hunter2" not in ran.out + ran.errors
    assert "Traceback" not in ran.out + ran.errors


def test_bad_settings_stop_every_command(servers: Servers) -> None:
    """Reported on standard error and as JSON. tests/ops/test_start.py covers another command."""
    ran = run_process([sys.executable, "-m", "flask", "check", "--json"], servers.environ("checked", PORT="many"))
    assert ran.code == 1
    assert "PORT: " in ran.errors
    assert ran.json["problems"][0].startswith("PORT: ")


def test_the_queue_is_shown(flask_command: Command, person: Person) -> None:
    """Counts and short lists, without any text written by users."""
    waiting = person.generate("A confidential prompt")
    failed = person.generate("Another confidential prompt")
    let_fail(failed["id"])
    ran = flask_command("queue", "--json", "--limit", "1000")
    assert waiting["id"] in [each["contentId"] for each in ran.json["next"]]
    assert ran.json["failures"][0]["contentId"] == failed["id"]
    assert ran.json["failures"][0]["failureReason"] == "Gemini API quota exceeded"
    assert ran.json["waiting"] >= 1
    assert ran.json["failed"] >= 1
    assert "confidential" not in ran.out
    shown = flask_command("queue", "--limit", "1000").out
    assert waiting["id"] in shown
    assert "Gemini API quota exceeded" in shown


def test_overdue_without_a_worker_is_a_problem(flask_command: Command, person: Person) -> None:
    content = person.generate()
    assert flask_command("queue").code in {0, 1}
    Content.objects(id=content["id"]).update(set__wake_at=utcnow() - timedelta(minutes=1))
    ran = flask_command("queue", "--json")
    assert (ran.code, ran.json["ok"]) == (1, False)
    assert ran.json["overdue"] >= 1
    Content.objects(id=content["id"]).delete()


def test_a_requeued_generation_runs_again(
    flask_process: Command, resident: Person, servers: Servers, topic: str
) -> None:
    """With the same job id and all attempts. This time it succeeds, and `started` is sent again."""
    servers.standin.script({"status": 403}, match=topic)
    accepted = resident.generate(f"Write about {topic}", contentType="social")
    assert resident.wait_for(accepted["id"])["generationStatus"] == "failed"
    ran = flask_process("requeue", accepted["jobId"], "--json")
    assert (ran.code, ran.json["ok"]) == (0, True), ran
    completed = resident.wait_for(accepted["id"], lambda content: content["generationStatus"] == "completed")
    assert completed["jobId"] == accepted["jobId"]
    assert completed["failureReason"] is None
    assert completed["attempt"] == 1


def test_only_failed_generations_can_be_requeued(flask_command: Command, person: Person) -> None:
    """A pending one, a handwritten one and an unknown id: each with its reason, and exit code 1."""
    pending, written = person.generate()["id"], person.write()["id"]
    ran = flask_command("requeue", pending, written, "no-such-id", "--json")
    assert ran.code == 1
    assert ran.json["refused"] == {
        pending: "has not failed: pending",
        written: "has not failed: written by hand",
        "no-such-id": "there is no such content or job",
    }


def test_recent_failures_are_requeued_together(flask_command: Command, person: Person) -> None:
    lately, earlier = person.generate()["id"], person.generate()["id"]
    let_fail(lately, ago=timedelta(minutes=90))
    let_fail(earlier, ago=timedelta(minutes=150))
    ran = flask_command("requeue", "--failed-since", "2h", "--json")
    requeued = {each["contentId"] for each in ran.json["requeued"]}
    assert lately in requeued
    assert earlier not in requeued
    assert person.content(lately)["generationStatus"] == "pending"
    assert person.content(earlier)["generationStatus"] == "failed"


@pytest.mark.parametrize(
    "arguments",
    [
        ["requeue"],
        ["requeue", "x", "--failed-since", "2h"],
        ["requeue", "--failed-since", "yesterday"],
        ["queue", "--limit", "many"],
        ["user", "create"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_exits_with_code_2(flask_command: Command, arguments: list[str]) -> None:
    assert flask_command(*arguments).code == 2


def make(flask_command: Command, email: str, *more: str, given: str | None = None) -> Ran:
    return flask_command("user", "create", email, "--first-name", "José", "--last-name", "O'Brien", *more, given=given)


def login(http: Http, email: str, password: str) -> int:
    return http("POST", "/api/auth/login", {"email": email, "password": password})[0]


def test_the_password_of_a_new_account_is_prompted_for(flask_command: Command, http: Http) -> None:
    email = new_email()
    ran = make(flask_command, email.upper(), given=f"{PASSWORD}\n{PASSWORD}\n")
    assert ran.code == 0, ran
    assert PASSWORD not in ran.out
    assert login(http, email, PASSWORD) == 200


def test_an_account_can_be_created_with_a_generated_password(flask_command: Command, http: Http) -> None:
    email = new_email()
    ran = make(flask_command, email, "--generate-password", "--json")
    assert ran.code == 0
    assert login(http, email, ran.json["password"]) == 200


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [("no email", PASSWORD, "email: "), ("a@example.com", "short", "password: Must be at least 8 characters.")],
)
def test_the_rules_of_registration_apply(flask_command: Command, email: str, password: str, said: str) -> None:
    ran = make(flask_command, email, given=f"{password}\n{password}\n")
    assert ran.code == 1
    assert said in ran.errors
    assert "Traceback" not in ran.errors


def test_an_email_can_be_used_once(flask_command: Command, person: Person) -> None:
    ran = make(flask_command, person.email, "--generate-password", "--json")
    assert (ran.code, ran.json["error"]) == (1, "Email already registered")


def test_a_disabled_user_has_no_access_until_enabled(flask_command: Command, person: Person, http: Http) -> None:
    """No login and no refresh. Once enabled, a new login works, but the old sessions remain ended."""
    refresh = {"refresh_token": person.refresh_token}
    assert flask_command("user", "disable", person.email.upper()).code == 0
    assert login(http, person.email, PASSWORD) == 401
    assert http("POST", "/api/auth/refresh", refresh)[0] == 401
    assert flask_command("user", "enable", person.email).code == 0
    assert login(http, person.email, PASSWORD) == 200
    assert http("POST", "/api/auth/refresh", refresh)[0] == 401


def test_an_unknown_user_cannot_be_disabled(flask_command: Command, app: Flask) -> None:
    assert app
    ran = flask_command("user", "disable", "nobody@example.com")
    assert (ran.code, ran.errors.strip()) == (1, "Error: Nobody has the email nobody@example.com.")
    assert User.with_email("nobody@example.com") is None


def test_commands_write_results_only_to_standard_output(flask_process: Command, system: System) -> None:
    """Log lines go to standard error, so that programs can parse the JSON."""
    assert system
    assert flask_process("queue", "--json").json["workers"] == 2


def test_an_unavailable_database_is_reported_in_one_line(servers: Servers, nobody: str) -> None:
    environ = servers.environ("away", MONGO_URI=f"mongodb://a:hunter2@{nobody}/x")
    ran = run_process([sys.executable, "-m", "flask", "queue"], environ)
    assert ran.code == 1
    assert ran.errors.count("Error: MongoDB does not answer") == 1
    assert "Traceback" not in ran.errors
    assert "hunter2" not in ran.errors
