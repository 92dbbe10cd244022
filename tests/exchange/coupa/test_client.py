"""What the client makes of each answer that Coupa may give."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from exchange.coupa.client import Client
from exchange.errors import (
    CoupaBusyError,
    CoupaError,
    CoupaRefusedError,
    CoupaUnknownError,
    CoupaUnreachableError,
    SettingsError,
)
from tests.exchange.coupa.settings import Hands, settings

Answer = httpx2.Response | Exception


class Coupa:
    """A Coupa that gives the answers it is told to, one after the other, the last one for ever."""

    def __init__(self, *answers: Answer, token: Callable[[int], Answer] | None = None) -> None:
        self.answers = list(answers) or [httpx2.Response(200, json={})]
        self.token = token or (lambda number: httpx2.Response(200, json={"access_token": f"t{number}"}))
        self.tokens = 0
        self.requests: list[httpx2.Request] = []
        self.hands = Hands()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth2/token":
            self.tokens += 1
            return given(self.token(self.tokens))
        self.requests.append(request)
        return given(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    def client(self, **changes: Any) -> Client:
        return Client(settings(**changes), self.hands.clock, httpx2.MockTransport(self))


def given(answer: Answer) -> httpx2.Response:
    if isinstance(answer, Exception):
        raise answer
    return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


def post(coupa: Coupa, **changes: Any) -> Any:
    return coupa.client(**changes).post("/api/invoices", body={"invoice-number": "1"})


REFUSAL = httpx2.Response(400, json={"errors": {"invoice": ["Number has already been taken", "Date can't be blank"]}})
PAGE = httpx2.Response(200, html="<html>Coupa is being upgraded</html>")
OK = httpx2.Response(200, json={"id": 1})


# What was written


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx2.ConnectError("refused"), CoupaUnreachableError),
        (httpx2.ConnectTimeout("slow"), CoupaUnreachableError),
        (httpx2.PoolTimeout("full"), CoupaUnreachableError),
        (httpx2.ReadTimeout("silent"), CoupaUnknownError),
        (httpx2.WriteTimeout("stuck"), CoupaUnknownError),
        (httpx2.ReadError("reset"), CoupaUnknownError),
        (httpx2.RemoteProtocolError("cut"), CoupaUnknownError),
        (httpx2.Response(408), CoupaBusyError),
        (httpx2.Response(429), CoupaBusyError),
        (httpx2.Response(503, headers={"Retry-After": "7"}), CoupaBusyError),
        (httpx2.Response(503), CoupaUnknownError),
        (httpx2.Response(500), CoupaUnknownError),
        (httpx2.Response(502), CoupaUnknownError),
        (httpx2.Response(504), CoupaUnknownError),
        (httpx2.Response(302, headers={"Location": "/login"}), CoupaRefusedError),
        (REFUSAL, CoupaRefusedError),
        (httpx2.Response(403), CoupaRefusedError),
        (httpx2.Response(404), CoupaRefusedError),
        (PAGE, CoupaUnknownError),
        (httpx2.Response(201, text='{"id": 1'), CoupaUnknownError),
        (httpx2.Response(200, content=b"[" * 100_000), CoupaUnknownError),
    ],
    ids=repr,
)
def test_a_write_is_sent_once_and_its_outcome_is_named(answer: Answer, error: type[CoupaError]) -> None:
    coupa = Coupa(answer)
    with pytest.raises(CoupaError) as caught:
        post(coupa)
    assert (error, 1) == (type(caught.value), len(coupa.requests))
    assert str(caught.value).startswith("POST /api/invoices: ")


def test_a_refusal_carries_its_reasons_each_once() -> None:
    answer = httpx2.Response(400, json={"errors": {"invoice": ["No", "Why"], "lines": {"1": ["No"]}}})
    with pytest.raises(CoupaRefusedError) as caught:
        post(Coupa(answer))
    assert (400, ("No", "Why")) == (caught.value.status, caught.value.errors)
    assert "No; Why" in str(caught.value)


@pytest.mark.parametrize("body", ["", "<h1>no</h1>", "[]", '{"errors": null}', '"no"', '{"error": "no"}', "\xff"])
def test_a_refusal_without_the_usual_body_is_a_refusal(body: str) -> None:
    with pytest.raises(CoupaRefusedError):
        post(Coupa(httpx2.Response(422, content=body.encode("latin-1"))))


def test_a_busy_coupa_says_when_to_come_back_and_everybody_waits() -> None:
    coupa = Coupa(httpx2.Response(429, headers={"Retry-After": "7"}), OK)
    client = coupa.client()
    with pytest.raises(CoupaBusyError) as caught:
        client.post("/api/invoices")
    client.post("/api/invoices")
    assert (7.0, [7.04]) == (caught.value.after, coupa.hands.slept)


@pytest.mark.parametrize(("text", "seconds"), [("86400", 60.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 5.0), ("-1", 5.0)])
def test_nobody_waits_for_ever(text: str, seconds: float) -> None:
    with pytest.raises(CoupaBusyError) as caught:
        post(Coupa(httpx2.Response(429, headers={"Retry-After": text})))
    assert seconds == caught.value.after


def test_an_empty_answer_to_a_write_is_success() -> None:
    assert {} == Coupa(httpx2.Response(204)).client().put("/api/invoices/1/submit")


# What is read


@pytest.mark.parametrize(
    "answer",
    [httpx2.ConnectError("refused"), httpx2.ReadTimeout("silent"), httpx2.Response(500), httpx2.Response(429), PAGE],
    ids=repr,
)
def test_a_read_is_tried_again(answer: Answer) -> None:
    coupa = Coupa(answer, answer, OK)
    assert ({"id": 1}, 3) == (coupa.client().get("/api/invoices/1"), len(coupa.requests))


def test_a_read_is_not_tried_for_ever() -> None:
    coupa = Coupa(httpx2.Response(500))
    with pytest.raises(CoupaUnknownError):
        coupa.client().get("/api/invoices/1")
    assert len(coupa.requests) == 5


def test_a_read_that_is_refused_is_not_tried_again() -> None:
    coupa = Coupa(httpx2.Response(404))
    with pytest.raises(CoupaRefusedError):
        coupa.client().get("/api/invoices/1")
    assert len(coupa.requests) == 1


def test_numbers_are_exact() -> None:
    answer = httpx2.Response(200, text='{"price": 0.1, "big": 12345678901234567890.123456789, "id": 12}')
    expected = {"price": Decimal("0.1"), "big": Decimal("12345678901234567890.123456789"), "id": 12}
    assert expected == Coupa(answer).client().get("/api/invoices/1")


# Pages


def listed(count: int, first: int = 1) -> httpx2.Response:
    return httpx2.Response(200, json=[{"id": number} for number in range(first, first + count)])


def test_a_page_begins_behind_the_last_id_of_the_one_before() -> None:
    coupa = Coupa(listed(50), listed(50, 101), listed(3, 200))
    found = list(coupa.client().pages("/api/invoices", {"exported": "false"}, ["id", {"supplier": ["number"]}]))
    assert [103, 202] == [len(found), found[-1]["id"]]
    queries = [dict(request.url.params) for request in coupa.requests]
    common = {"exported": "false", "order_by": "id", "dir": "asc", "limit": "50"}
    fields = {"fields": '["id",{"supplier":["number"]}]'}
    assert queries == [common | fields, common | fields | {"id[gt]": "50"}, common | fields | {"id[gt]": "150"}]


def test_no_hits_are_an_empty_list() -> None:
    assert [] == list(Coupa(listed(0)).client().pages("/api/invoices", {}))


@pytest.mark.parametrize("second", [listed(50), httpx2.Response(200, json=[{"name": "no id"}] * 50)], ids=repr)
def test_a_list_that_does_not_advance_is_not_walked_for_ever(second: httpx2.Response) -> None:
    with pytest.raises(CoupaError, match="not ordered"):
        list(Coupa(listed(50), second).client().pages("/api/invoices", {}))


def test_a_list_that_is_none_is_not_walked() -> None:
    with pytest.raises(CoupaUnknownError, match="not a list"):
        list(Coupa(OK).client().pages("/api/invoices", {}))


# The token


def test_a_token_is_fetched_once_and_shown_each_time() -> None:
    coupa = Coupa(OK)
    client = coupa.client()
    for _ in range(3):
        client.get("/api/invoices/1")
    assert 1 == coupa.tokens
    assert {"Bearer t1"} == {request.headers["authorization"] for request in coupa.requests}


def test_a_token_is_renewed_before_it_ends() -> None:
    coupa = Coupa(OK, token=lambda number: httpx2.Response(200, json={"access_token": f"t{number}", "expires_in": 60}))
    client = coupa.client()
    for seconds in (0, 49, 2):
        coupa.hands.now += seconds
        client.get("/api/invoices/1")
    assert ["Bearer t1", "Bearer t1", "Bearer t2"] == [each.headers["authorization"] for each in coupa.requests]


def test_a_write_that_met_a_dead_token_is_sent_again_with_a_new_one() -> None:
    coupa = Coupa(httpx2.Response(401), OK)
    assert {"id": 1} == post(coupa)
    assert ["Bearer t1", "Bearer t2"] == [each.headers["authorization"] for each in coupa.requests]


def test_a_new_token_that_is_refused_too_is_the_end() -> None:
    coupa = Coupa(httpx2.Response(401))
    with pytest.raises(CoupaRefusedError) as caught:
        post(coupa)
    assert (401, 2, 2) == (caught.value.status, coupa.tokens, len(coupa.requests))


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (httpx2.Response(401, json={"error": "invalid_client"}), CoupaRefusedError),
        (httpx2.ConnectError("refused"), CoupaUnreachableError),
        (httpx2.ReadTimeout("silent"), CoupaUnreachableError),
        (httpx2.Response(500), CoupaUnreachableError),
        (PAGE, CoupaUnreachableError),
        (httpx2.Response(200, json={"expires_in": 60}), CoupaUnreachableError),
        (httpx2.Response(200, json=["access_token"]), CoupaUnreachableError),
        (httpx2.Response(429), CoupaBusyError),
    ],
    ids=repr,
)
def test_without_a_token_nothing_was_sent(token: Answer, error: type[CoupaError]) -> None:
    coupa = Coupa(OK, token=lambda _: token)
    with pytest.raises(CoupaError) as caught:
        post(coupa)
    assert (error, []) == (type(caught.value), coupa.requests)


def test_a_refused_login_says_what_to_check() -> None:
    with pytest.raises(CoupaRefusedError, match=r"invalid_client.*check client_id"):
        post(Coupa(OK, token=lambda _: httpx2.Response(401, json={"error": "invalid_client"})))


def test_the_secret_goes_into_the_form_and_nowhere_else() -> None:
    seen: list[httpx2.Request] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"access_token": "t"})

    Client(settings(scopes=("core.invoice.read", "core.common.read")), None, httpx2.MockTransport(note)).get("/api/x")
    form = dict(httpx2.QueryParams(seen[0].read().decode()))
    scope = "core.invoice.read core.common.read"
    assert form == {"grant_type": "client_credentials", "client_id": "id", "client_secret": "secret", "scope": scope}
    assert "secret" not in str(seen[0].url)


# The pace


def test_a_burst_goes_at_once_and_the_rest_at_the_agreed_rate() -> None:
    coupa = Coupa(OK)
    client = coupa.client(requests_per_second=25, burst=20)
    for _ in range(29):
        client.get("/api/invoices/1")
    assert [0.04] * 10 == coupa.hands.slept


def test_a_request_without_a_turn_in_time_is_not_sent() -> None:
    coupa = Coupa(OK)
    client = coupa.client(requests_per_second=0.01, burst=2, deadline_seconds=5)
    client.post("/api/invoices")
    with pytest.raises(CoupaUnreachableError, match="not sent"):
        client.post("/api/invoices")
    assert 1 == len(coupa.requests)


# The settings and the body


@pytest.mark.parametrize(
    "wrong", [{"url": ""}, {"url": "acme.coupahost.com"}, {"client_id": ""}, {"client_secret": None}]
)
def test_settings_that_are_not_complete_are_a_mistake(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="coupa"):
        Coupa(OK).client(**wrong)


def test_a_body_goes_as_json_and_json_is_asked_for() -> None:
    coupa = Coupa(OK)
    post(coupa)
    (request,) = coupa.requests
    assert {"invoice-number": "1"} == json.loads(request.read())
    assert ["application/json"] * 2 == [request.headers["accept"], request.headers["content-type"]]


def test_a_file_name_cannot_add_a_header() -> None:
    coupa = Coupa(OK)
    name = 'a"\r\nX-Evil: 1\r\n.pdf'
    coupa.client().put("/api/invoices/1/image_scan", files={"file": (name, b"%PDF", "application/pdf")})
    assert b"\r\nX-Evil" not in coupa.requests[0].read()


def test_a_file_is_read_as_it_is() -> None:
    coupa = Coupa(httpx2.Response(200, content=b"%PDF-1.4\x00"))
    assert b"%PDF-1.4\x00" == coupa.client().download("/api/invoices/1/retrieve_image_scan")


@pytest.mark.parametrize("address", ["https://files.example/1", "//files.example/1", "http://coupa.example:81/1"])
def test_no_other_host_sees_the_token(address: str) -> None:
    coupa = Coupa()
    with pytest.raises(CoupaError, match="not on this Coupa instance"):
        coupa.client().download(address)
    assert (0, []) == (coupa.tokens, coupa.requests)
