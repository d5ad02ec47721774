"""The server answers its own page and nobody else."""

import http.client
import json
import socket

import pytest

from assignments.marking import server as serving
from tests.assignments.marking import classes

MARK = {"points": "1", "comment": "", "seen": {"points": "", "comment": ""}}


@pytest.fixture(scope="module")
def served(tmp_path_factory, master):
    own = classes.ten(master, tmp_path_factory.mktemp("class"))
    with classes.shown(master, own) as server:
        yield server


def ask(server, path="/", method="GET", body=None, **headers):
    """Return status, headers and text of an answer."""
    sent = {"Host": server.host} | {
        name.replace("_", "-"): value for name, value in headers.items() if value
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, answer.headers, text


def first(server):
    """Return the path of the first answer to the first question."""
    question = server.desk.master.manual[0]
    entry = server.desk.entries(question)[0]
    return f"/{server.secret}/{question.id}/{entry.token}"


def post(server, path, body=MARK, **changed):
    body = body if isinstance(body, bytes | str) else json.dumps(body)
    headers = {"Origin": f"http://{server.host}", "Content_Type": "application/json"}
    status, _, text = ask(server, path, "POST", body, **headers | changed)
    return status, json.loads(text)


def test_it_listens_on_this_machine_only(served):
    assert served.server_address[0] == "127.0.0.1"
    assert len(served.secret) > 40


def test_nothing_is_told_without_the_secret(served):
    for path in ("/", "/static/marking.js", "/x/", "/why/", f"/{served.secret[:-1]}/"):
        status, _, text = ask(served, path)
        assert status == 403
        assert "Doubling" not in text
    assert ask(served, f"/{served.secret}/")[0] == 200


def test_the_entrance_leads_in_once(served):
    entrance = served.entrance.removeprefix(f"http://{served.host}")
    status, headers, _ = ask(served, entrance)
    assert (status, headers["Location"]) == (303, served.address)
    assert ask(served, entrance)[0] == 403
    assert served.secret not in served.entrance


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", ""])
def test_another_name_of_this_machine_is_refused(served, host):
    told = ask(served, first(served), Host=host or "x")
    assert told[0] == 403
    assert "Ann" not in told[2]


@pytest.mark.parametrize(
    "path", ["", "why/", "why/nothing", "static/marking.js", "x/y"]
)
def test_everything_comes_with_the_policy(served, path):
    _, headers, _ = ask(served, f"/{served.secret}/{path}")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Python" not in headers["Server"]


def test_pages_have_no_script_or_style_of_their_own(served):
    for path in (f"/{served.secret}/", first(served)):
        text = ask(served, path)[2]
        assert "<style" not in text
        assert " style=" not in text
        assert text.count("<script src=") == text.count("<script")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("static/../server.py", 404), ("static/%2e%2e/server.py", 404)),
        *(("static//etc/passwd", 404), ("static/", 404), ("how/", 404)),
        *(("why/a0000000000", 404), ("why/x/y", 404), ("static/katex.min.js", 200)),
        *(("static/fonts/KaTeX_Main-Regular.woff2", 200), ("why/", 303)),
    ],
)
def test_only_what_there_is_is_sent(served, path, status):
    assert ask(served, f"/{served.secret}/{path}")[0] == status


def test_a_mark_is_kept_and_a_second_marker_told(served):
    path = first(served)
    assert post(served, path) == (
        200,
        {"saved": {"points": "1", "comment": ""}, "waiting": 9},
    )
    other = MARK | {"points": "2"}
    status, told = post(served, path, other)
    assert (status, told["there"]) == (409, {"points": "1", "comment": ""})
    assert told["error"] == "meanwhile this answer has been given 1"
    seen = {"seen": told["there"]}
    assert post(served, path, other | seen)[0] == 200
    assert post(served, path, MARK | {"seen": {"points": "2", "comment": ""}})[0] == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://evil.example"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "evil.example"},
    ],
)
def test_no_other_page_can_write(served, changed):
    status, told = post(served, first(served), MARK | {"points": "0.5"}, **changed)
    assert status == 403
    assert "saved" not in told


@pytest.mark.parametrize(
    ("body", "status"),
    [
        *((b"", 400), (b"{", 400), (b"[]", 400), (b"\xff", 400), ("[" * 60_000, 400)),
        *((MARK | {"points": 1}, 400), (MARK | {"seen": {}}, 400), ("{}", 400)),
        *((MARK | {"points": "3"}, 409), (MARK | {"comment": "x" * 5001}, 409)),
        (MARK | {"comment": "x" * 64_000}, 413),
    ],
)
def test_what_is_no_mark_is_refused(served, body, status):
    found, told = post(served, first(served), body)
    assert (found, "saved" in told) == (status, False)
    assert told["error"]


def test_a_form_of_another_page_is_no_mark(served):
    text = "text/plain"
    assert post(served, first(served), MARK, Content_Type=text)[0] == 415


def test_a_request_of_unknown_length_is_refused(served):
    headers = {"Origin": f"http://{served.host}", "Transfer_Encoding": "chunked"}
    assert ask(served, first(served), "POST", **headers)[0] == 413
    more = {"Content_Length": "9" * 30}
    assert ask(served, first(served), "POST", **headers | more)[0] == 413


def test_who_says_nothing_keeps_nobody_waiting(served, monkeypatch):
    monkeypatch.setattr(serving.Handler, "timeout", 0.1)
    with socket.create_connection(("127.0.0.1", served.server_port)) as silent:
        silent.sendall(b"GET / HTTP/1.0\r\n")
        assert ask(served, f"/{served.secret}/")[0] == 200
        silent.settimeout(10)
        assert silent.recv(1000) == b""


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_other_requests_are_not_known(served, method):
    assert ask(served, f"/{served.secret}/", method)[0] == 501


def test_names_are_hidden_everywhere(tmp_path, master):
    own = classes.ten(master, tmp_path)
    with classes.shown(master, own, anonymous=True) as server:
        for question in master.manual:
            for entry in server.desk.entries(question):
                path = f"/{server.secret}/{question.id}/{entry.token}"
                text = ask(server, path)[2]
                assert "Doe" not in text
                assert f"canvas-{entry.name}" not in text
                post(server, path)
                told = post(server, path, MARK | {"points": "2"})[1]
                assert "Doe" not in json.dumps(told)
    with classes.shown(master, own) as server:
        assert "Ann Doe" in ask(server, first(server))[2]


def test_a_sheet_with_a_fault_is_said_in_the_page(tmp_path, master):
    own = classes.ten(master, tmp_path)
    sheet = own / "manual/why.csv"
    sheet.write_text(sheet.read_text("utf-8-sig").replace(",,2,", ",two,2,", 1))
    with classes.shown(master, own) as server:
        told = "why.csv, line 2: &#39;two&#39; is no number from 0 to 2"
        assert told in ask(server, f"/{server.secret}/")[2]
        assert told in ask(server, first(server))[2]
        status, answer = post(server, first(server))
        assert (status, "line 2: 'two'" in answer["error"]) == (409, True)
