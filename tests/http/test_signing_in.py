"""Sessions: cookie and CSRF rules, throttling; and credentials that are revoked."""

from http.cookies import SimpleCookie

import pytest

from tests.support.client import Account, Device, fix, upload
from tests.support.http_calls import Http, Reply
from tests.support.server import Server

PERSON = {"name": "Ana"}


def sign_in(account: Account, password: str | None = None) -> Reply:
    body = {"email": account.email, "password": password or account.password}
    return account.server.http().post("/api/v1/session", body)


def cookie_of(reply: Reply) -> str:
    jar = SimpleCookie(reply.headers["set-cookie"])
    return f"fieldpost_session={jar['fieldpost_session'].value}"


def signed_in(account: Account) -> tuple[Http, str]:
    """A browser with the cookie, and the CSRF token that the page has."""
    reply = sign_in(account)
    token: str = reply.expect(200)["csrf_token"]
    return account.server.http(cookie=cookie_of(reply)), token


def test_the_cookie_is_kept_from_scripts_and_other_sites(account: Account) -> None:
    reply = sign_in(account)
    reply.expect(200)
    morsel = SimpleCookie(reply.headers["set-cookie"])["fieldpost_session"]
    assert morsel["httponly"]
    assert morsel["samesite"].lower() == "strict"
    assert morsel["path"] == "/"
    assert int(morsel["max-age"]) > 0


def test_a_change_needs_the_csrf_token(account: Account) -> None:
    browser, token = signed_in(account)
    browser.get("/api/v1/people").expect(200)
    browser.post("/api/v1/people", PERSON).expect_problem(403)
    for wrong in ("", "x", token[:-1], token + "x", "\u00e9"):
        browser.again(x_csrf_token=wrong).post("/api/v1/people", PERSON).expect_problem(403)
    browser.again(x_csrf_token=token).post("/api/v1/people", PERSON).expect(201)


def test_the_csrf_token_of_another_session_does_not_help(account: Account) -> None:
    browser, _ = signed_in(account)
    _, other_token = signed_in(account)
    crossed = browser.again(x_csrf_token=other_token)
    crossed.post("/api/v1/people", PERSON).expect_problem(403)
    crossed.delete("/api/v1/session").expect_problem(403)
    browser.get("/api/v1/session").expect(200)


def test_a_session_that_was_ended_is_of_no_use(account: Account) -> None:
    browser, token = signed_in(account)
    browser.delete("/api/v1/session").expect_problem(403)
    reply = browser.again(x_csrf_token=token).delete("/api/v1/session")
    reply.expect(204)
    assert 'fieldpost_session=""' in reply.headers["set-cookie"]
    browser.get("/api/v1/session").expect_problem(401)
    browser.get("/api/v1/people").expect_problem(401)


@pytest.mark.parametrize("cookie", ["fieldpost_session=", "fieldpost_session=x", "x=y", "\xff"])
def test_made_up_cookies(server: Server, cookie: str) -> None:
    server.http(cookie=cookie).get("/api/v1/people").expect_problem(401)
    server.http(cookie=cookie).get("/api/v1/session").expect_problem(401)


def test_ten_wrong_passwords_close_the_door_for_this_address_alone(
    account: Account, other: Account
) -> None:
    counted = account.server.counted("refused_sign_ins", "wrong")
    for _ in range(10):
        sign_in(account, "wrong password").expect_problem(401)
    refused = sign_in(account)
    refused.expect_problem(429)
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    assert account.server.counted("refused_sign_ins", "wrong") == counted + 10
    sign_in(other).expect(200)
    shouted = {"email": f" {account.email.upper()} ", "password": account.password}
    account.server.http().post("/api/v1/session", shouted).expect_problem(429)


def test_an_unknown_address_is_answered_like_a_wrong_password(account: Account) -> None:
    wrong = sign_in(account, "wrong password")
    body = {"email": "nobody@example.org", "password": "wrong password"}
    unknown = account.server.http().post("/api/v1/session", body)
    assert (wrong.status, wrong.body) == (unknown.status, unknown.body) == (401, wrong.body)


def test_the_right_password_forgives_the_wrong_ones(account: Account) -> None:
    for _ in range(9):
        sign_in(account, "wrong password").expect_problem(401)
    sign_in(account).expect(200)
    sign_in(account, "wrong password").expect_problem(401)
    sign_in(account).expect(200)


def _is_refused(device: Device) -> None:
    device.agent.post("/agent/v1/batches", upload("location", 9, fix(1, 2))).expect_problem(401)
    device.agent.post("/agent/v1/check-in", {}).expect_problem(401)
    device.agent.post("/agent/v1/pull-requests/x/failure", {"reason": "x"}).expect_problem(401)


def test_a_retired_device_is_refused_at_once(account: Account) -> None:
    device = account.enrolled()
    device.deliver("location", fix(1, 2))
    account.api.delete(device.path).expect(204)
    _is_refused(device)
    account.api.post(f"{device.path}/enrolment").expect_problem(409)


def test_a_new_enrolment_revokes_the_credential_before_it(account: Account) -> None:
    device = account.enrolled()
    before = device.agent
    device.enrol()
    before.post("/agent/v1/check-in", {}).expect_problem(401)
    device.check_in()


def test_a_code_is_good_once(account: Account) -> None:
    device = account.device()
    first, second = device.code(), device.code()
    agent = {"name": "test", "version": "1", "platform": "linux"}
    enrol = ("/agent/v1/enrol", {"code": first, "agent": agent})
    device.agent.post(*enrol).expect_problem(401, "code")  # the second code has voided it
    typed = f"{second[:4]}-{second[4:8].lower()} {second[8:]}"
    device.agent.post("/agent/v1/enrol", {"code": typed, "agent": agent}).expect(201)
    again = device.agent.post("/agent/v1/enrol", {"code": second, "agent": agent})
    again.expect_problem(401, "code")


def test_a_revoked_token_of_a_foreign_agent(account: Account) -> None:
    device = account.device()
    issued = account.api.post(f"{device.path}/tokens", {"agent": "osmand"}).expect(201)
    path = f"/agent/osmand/{issued['token']}?lat=1&lon=2"
    account.server.http().get(path).expect(200)
    account.api.delete(f"{device.path}/tokens/{issued['id']}").expect(204)
    account.server.http().get(path).expect_problem(401)


def test_a_credential_survives_a_restart_and_so_does_its_revocation(own_server: Server) -> None:
    account = Account(own_server)
    kept, retired = account.enrolled(), account.enrolled()
    account.api.delete(retired.path).expect(204)
    assert own_server.stop() == 0
    own_server.start()
    kept.check_in()
    _is_refused(retired)
