from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from components.web import gate
from components.web.gate import Gate
from components.web.handed import Handed
from components.web.session_routes import ROUTES
from db.actions import access, passwords, sessions, tokens
from db.engine import transaction
from db.models import User
from tests.door import PASSWORD, cookie_of, give_password

ORIGIN = {"origin": "http://testserver"}


async def inside(request):
    return JSONResponse({"headers": dict(request.headers), "path": request.url.path})


async def socket(websocket):
    await websocket.accept()
    await websocket.send_json(dict(websocket.headers))
    try:
        while True:
            await websocket.send_text(BackMsg.FromString(await websocket.receive_bytes()).WhichOneof("type"))
    except WebSocketDisconnect:
        pass


async def files(websocket):
    """The socket of a page that offers a file and a place to put one."""
    await websocket.accept()
    await websocket.receive_bytes()
    await websocket.send_bytes(b"\x0a\x40/media/5eed00aa.csv \x12\x40/_stcore/upload_file/0c0ffee0-1234/77")
    await websocket.close()


async def file(_request):
    return PlainTextResponse("file")


@pytest.fixture
def house(acme, monkeypatch):
    """The gate before a house that shows what gets through."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    rooms = [Route("/static/js/index.js", file), Route("/app/static/mark.svg", file), WebSocketRoute("/_stcore/stream", socket), WebSocketRoute("/other", socket),
             Route("/{path:path}", inside, methods=["GET", "POST", "PUT", "DELETE"])]
    with TestClient(Starlette(routes=[*ROUTES, *rooms], middleware=[Middleware(Gate)]), follow_redirects=False) as client:
        yield client


def enter(client, actor) -> str:
    client.cookies.set("regulars", cookie_of(actor))
    return tokens.digest(client.cookies["regulars"])


def message(**fields) -> bytes:
    return BackMsg(**fields).SerializeToString()


CLICK = message(rerun_script={})
CLOSED = ["/media/abc.csv", "/_stcore/upload_file/1/2", "/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp",
          "/component/any/index.html", "/api/customers", "/customers/_stcore/health", "/a.b", "/%2e%2e/app.py", "/customers/7", "/Static/x"]


@pytest.mark.parametrize("path", CLOSED)
def test_a_stranger_gets_nothing_but_the_way_in(house, path):
    assert house.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/", "/customers", "/customer?id=7", "/reset?token=x", "/_stcore/health", "/_stcore/host-config", "/static/js/index.js", "/app/static/mark.svg", "/words/zh.js"])
def test_a_stranger_may_load_the_empty_page_on_every_address_and_what_it_needs(house, path):
    assert house.get(path).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_stranger_sends_nothing(house, method):
    assert house.request(method, "/customers").status_code == 401


def test_who_is_signed_in_gets_in_but_metrics_are_for_the_administrator(house, acme):
    enter(house, acme.amy)
    assert house.get("/component/x").status_code == 200
    assert house.get("/_stcore/metrics").status_code == 401
    enter(house, acme.ada)
    assert house.get("/_stcore/metrics").status_code == 200


FILES = [("GET", "/media/5eed00aa.csv"), ("PUT", "/_stcore/upload_file/0c0ffee0-1234/77"), ("DELETE", "/_stcore/upload_file/0c0ffee0-1234/77")]


@pytest.mark.parametrize(("method", "path"), FILES)
def test_a_file_s_address_is_good_for_whoever_was_sent_it_and_for_nobody_else(acme, monkeypatch, method, path):
    monkeypatch.setattr(gate, "HANDED", Handed())
    rooms = [WebSocketRoute("/_stcore/stream", files), Route("/{path:path}", inside, methods=["GET", "PUT", "DELETE"])]
    with TestClient(Starlette(routes=rooms, middleware=[Middleware(Gate)])) as house:
        enter(house, acme.amy)
        assert house.request(method, path).status_code == 401
        with house.websocket_connect("/_stcore/stream", headers=ORIGIN) as page:
            page.send_bytes(CLICK)
            page.receive_bytes()
        assert house.request(method, path).status_code == 200
        assert house.request(method, path.replace("0", "1")).status_code == 401
        enter(house, acme.bo)
        assert house.request(method, path).status_code == 401


def test_of_each_user_s_addresses_the_latest_are_kept():
    handed = Handed()
    for number in range(1001):
        handed.note(7, b"/media/%08x.csv" % number)
    assert not handed.may_use(7, "/media/00000000.csv")
    assert handed.may_use(7, "/media/00000001.csv")
    assert handed.may_use(7, "/media/000003e8.csv")
    assert not handed.may_use(8, "/media/000003e8.csv")


def test_another_site_s_page_sends_nothing_in_my_name(house, acme):
    enter(house, acme.amy)
    for origin in ("http://evil.example", "http://testserver:8000", "null"):
        assert house.post("/component/x", headers={"origin": origin}).status_code == 403
    assert house.post("/component/x", headers=ORIGIN).status_code == 200


def test_nobody_can_pretend_to_be_somebody_by_a_header(house, acme):
    forged = {"X-Regulars-Sid": tokens.digest(cookie_of(acme.ada)), "x-regulars-address": "10.0.0.1", "x-regulars-role": "admin"}
    assert house.get("/component/x", headers=forged).status_code == 401
    with house.websocket_connect("/_stcore/stream", headers=ORIGIN | forged) as stranger:
        seen = stranger.receive_json()
    assert "x-regulars-sid" not in seen
    assert seen["x-regulars-address"] == "testclient"
    sid = enter(house, acme.amy)
    assert house.get("/component/x", headers=forged).json()["headers"]["x-regulars-sid"] == sid


def test_public_pages_and_the_interface_are_open_and_know_nobody_by_a_cookie(house, acme):
    enter(house, acme.ada)
    for path in ("/lead/web", "/answer/7-abc", "/answer/7-abc/stop", "/api/v1", "/api/v1/customers"):
        seen = house.get(path).json()["headers"]
        assert "x-regulars-sid" not in seen
        assert "regulars=" not in seen.get("cookie", "")
        assert house.post(path, headers={"origin": "http://evil.example"}).status_code == 403


def test_what_only_looks_like_a_public_page_is_closed(house):
    for path in ("/lead", "/leads/x", "/answers/x", "/lead-x/y", "/api/v1x", "/api/v2/customers", "/api/v11/x", "/Lead/web", "/x/lead/web", "/lead\\..\\x"):
        assert house.post(path).status_code == 401, path


def test_our_cookies_never_reach_the_page_s_code(house, acme):
    cookie = cookie_of(acme.amy)
    seen = house.get("/component/x", headers={"cookie": f"theme=dark; regulars={cookie}; regulars_device=abc; lang=en"}).json()["headers"]
    assert seen["cookie"] == "theme=dark; lang=en"
    assert cookie not in str(seen)


def test_every_answer_carries_the_security_headers(house, acme):
    for path in ("/", "/component/x", "/static/js/index.js"):
        headers = house.get(path).headers
        assert "script-src 'self' 'sha256-" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert house.get("/").headers["cache-control"] == "no-store"
    assert "cache-control" not in house.get("/static/js/index.js").headers


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}, {"origin": "http://testserver:8502"}, {"origin": "null"}, {"origin": "https://"}])
def test_a_socket_is_opened_only_from_our_own_page(house, acme, headers):
    enter(house, acme.amy)
    with pytest.raises(WebSocketDisconnect), house.websocket_connect("/_stcore/stream", headers=headers):
        pass


def test_there_is_one_socket(house, acme):
    enter(house, acme.amy)
    with pytest.raises(WebSocketDisconnect), house.websocket_connect("/other", headers=ORIGIN):
        pass


def heard(connection, *messages: bytes) -> str:
    """What the house hears first of these messages; the last is always let through."""
    for sent in (*messages, CLICK):
        connection.send_bytes(sent)
    return connection.receive_text()


def test_a_stranger_s_socket_may_run_the_sign_in_page_and_nothing_else(house):
    refused = (message(clear_cache=True), message(stop_script=True), message(file_urls_request={}), message(backend_operation_request={}), message(load_git_info=True), b"\xff\xfe",
               BackMsg(rerun_script={"query_string": "x" * 70_000}).SerializeToString())
    with house.websocket_connect("/_stcore/stream", headers=ORIGIN) as connection:
        connection.receive_json()
        assert heard(connection, *refused) == "rerun_script"


def test_who_is_signed_in_cannot_empty_caches_or_shut_down(house, acme):
    enter(house, acme.ada)
    refused = (message(clear_cache=True), message(set_run_on_save=True), message(load_git_info=True), message(debug_shutdown_runtime=True), message(debug_disconnect_websocket=True))
    with house.websocket_connect("/_stcore/stream", headers=ORIGIN) as connection:
        assert connection.receive_json()["x-regulars-sid"]
        assert heard(connection, *refused) == "rerun_script"
        assert heard(connection, message(file_urls_request={})) == "file_urls_request"


def change(actor, user_id, **values):
    with transaction(actor, "user.update") as session:
        for key, value in values.items():
            setattr(session.get(User, user_id), key, value)


def change_password(acme):
    with transaction(acme.amy, "user.password") as session:
        passwords.change_own(session, PASSWORD, "quiet harbour moon 4")


ENDS = {
    "signing out": lambda acme, sid: sessions.end(sid),
    "a new password": lambda acme, sid: change_password(acme),
    "a new role": lambda acme, sid: change(acme.ada, acme.amy.id, role="viewer"),
    "deactivation": lambda acme, sid: change(acme.ada, acme.amy.id, active=False),
}


@pytest.mark.parametrize("reason", ENDS)
def test_an_ended_session_closes_every_open_tab_at_its_next_message_and_its_cookie_opens_nothing(house, acme, reason):
    give_password(acme.amy)
    sid = enter(house, acme.amy)
    with house.websocket_connect("/_stcore/stream", headers=ORIGIN) as tab, house.websocket_connect("/_stcore/stream", headers=ORIGIN) as other_tab:
        for connection in (tab, other_tab):
            connection.receive_json()
            assert heard(connection) == "rerun_script"
        ENDS[reason](acme, sid)
        for connection in (tab, other_tab):
            connection.send_bytes(CLICK)
            assert ForwardMsg.FromString(connection.receive_bytes()).auth_redirect.url == "/"
            with pytest.raises(WebSocketDisconnect):
                connection.receive_bytes()
    assert house.get("/component/x").status_code == 401


def test_the_ticket_becomes_a_cookie_that_scripts_cannot_read_and_leads_back_to_the_deep_link(house, acme):
    give_password(acme.amy)
    house.get("/")
    ticket = access.check("amy", PASSWORD, "testclient", tokens.digest(house.cookies["regulars_device"]))
    answer = house.get("/session/start", params={"ticket": ticket, "next": "/customer?id=7"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/customer?id=7")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age" not in cookie
    assert house.get("/component/x").status_code == 200
    first = house.cookies["regulars"]
    del house.cookies["regulars"]
    assert "set-cookie" not in house.get("/session/start", params={"ticket": ticket}).headers
    assert first


def test_a_ticket_sent_along_in_a_link_signs_nobody_in(house, acme):
    give_password(acme.amy)
    attacker_s = access.check("amy", PASSWORD, "198.51.100.1", "e" * 64)
    house.get("/")
    assert "set-cookie" not in house.get("/session/start", params={"ticket": attacker_s}).headers
    own = access.check("amy", PASSWORD, "testclient", tokens.digest(house.cookies["regulars_device"]))
    assert "set-cookie" not in house.get("/session/start", params={"ticket": own}, headers={"sec-fetch-site": "cross-site"}).headers


def test_on_https_the_cookie_is_secure_and_bound_to_the_host(house, acme):
    give_password(acme.amy)
    house.base_url = "https://testserver"
    house.get("/")
    ticket = access.check("amy", PASSWORD, "testclient", tokens.digest(house.cookies["regulars_device"]))
    cookie = house.get("/session/start", params={"ticket": ticket}).headers["set-cookie"]
    assert cookie.startswith("__Host-regulars=")
    assert "; Secure" in cookie
    assert house.get("/component/x").status_code == 200


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "\\\\evil.example", ""])
def test_the_way_back_never_leads_to_another_site(house, wanted):
    for path in ("/session/start", "/session/language/zh"):
        assert house.get(path, params={"next": wanted}).headers["location"] == "/"


def test_signing_out_by_a_foreign_link_is_not_possible_and_a_dead_cookie_is_taken(house, acme):
    sid = enter(house, acme.amy)
    assert "set-cookie" not in house.get("/session/ended").headers
    sessions.end(sid)
    assert 'regulars=""' in house.get("/session/ended").headers["set-cookie"]


def test_the_empty_page_speaks_the_user_s_language_else_the_chosen_else_the_browser_s(house, acme):
    assert '<html lang="en"' in house.get("/").text
    assert '<html lang="zh-CN"' in house.get("/", headers={"accept-language": "zh-TW,zh;q=0.9"}).text
    house.get("/session/language/zh")
    assert '<html lang="zh-CN"' in house.get("/").text
    change(acme.ada, acme.amy.id, language="en")
    enter(house, acme.amy)
    assert '<html lang="en"' in house.get("/").text
    assert house.get("/words/xx.js").status_code == 404


def test_a_made_up_language_cookie_is_harmless(house):
    house.cookies.set("regulars_language", "<script>")
    assert '<html lang="en"' in house.get("/").text
