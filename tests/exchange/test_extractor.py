"""What leaves the machine: nothing by default, and only masked text when an extractor is set up."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from capture.engines import Engines, available
from capture.evidence import Reading
from capture.reader import read
from exchange.errors import SettingsError
from exchange.remotes.extractor import LONGEST_ANSWER, PrivateExtractor
from exchange.settings import ExtractorSettings, check_settings
from tests.capture.conftest import SUPPLIERS, opened
from tests.capture.paint import INVOICE, painted, saved, text_pdf
from tests.exchange.desk import POLICY, open_desk
from tests.exchange.parties import utc_now

PRIVATE = (90, 1600, "IBAN GB82 WEST 1234 5698 7654 32, VAT no. GB980780684")
ODD = [text for text in INVOICE if not text[2].startswith(("Invoice number", "Invoice date"))]
PAGE = [*ODD, (690, 250, "Whatsit BW-20418"), PRIVATE]
Answer = Callable[[dict[str, Any]], bytes]


def _completion(**fields: object) -> Answer:
    content = {"choices": [{"message": {"content": json.dumps(fields)}}]}
    return lambda _: json.dumps(content).encode()


@contextmanager
def _model(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A language model on this machine: its URL, and everything that it was sent."""
    heard: list[dict[str, Any]] = []

    class Model(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))) | {"path": self.path})
            heard[-1]["authorization"] = self.headers["Authorization"]
            body = answer(heard[-1])
            self.send_response(200 if body else 500)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Model) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1", heard
        server.shutdown()
        thread.join()


def _read(folder: Path, answer: Answer, texts: Any = PAGE) -> tuple[Reading, list[dict[str, Any]]]:
    with _model(answer) as (url, heard):
        settings = ExtractorSettings.model_validate({"url": url, "model": "small", "key": "secret"})
        extractor = PrivateExtractor(settings, folder / "sent.jsonl", utc_now)
        return read(opened(text_pdf(texts), "page.pdf"), SUPPLIERS, Engines(None, extractor=extractor)), heard


def test_an_answer_that_stands_on_the_page_is_proposed_and_never_sure(tmp_path: Path) -> None:
    reading, _ = _read(tmp_path, _completion(number="BW-20418", date="2024-04-16"))
    seen = reading.evidence["number"]
    assert ("BW-20418", "extractor", True) == (reading.invoice.number, seen.reason, seen.confidence <= 0.8)
    assert "field-uncertain" in [finding.rule.id for finding in reading.findings]


def test_an_answer_that_does_not_stand_on_the_page_is_ignored(tmp_path: Path) -> None:
    reading, _ = _read(tmp_path, _completion(number="BW-99999", total="1.00", date="yesterday"))
    assert ("", "726.00") == (reading.invoice.number, str(reading.invoice.total))


def test_accounts_tax_ids_and_mail_addresses_stay_here(tmp_path: Path) -> None:
    _, heard = _read(tmp_path, _completion())
    sent = json.dumps(heard)
    assert [] == [text for text in ("WEST", "7654", "980780684", "accounts@", "co.uk") if text in sent]
    assert ("[IBAN-1]" in sent, "[TAX-1]" in sent, "[MAIL-1]" in sent) == (True, True, True)


def test_what_was_sent_is_written_down(tmp_path: Path) -> None:
    _, heard = _read(tmp_path, _completion())
    (line,) = (tmp_path / "sent.jsonl").read_text(encoding="utf-8").splitlines()
    kept = json.loads(line)
    assert ("page.pdf", heard[0]["messages"][1]["content"]) == (kept["page"], kept["text"])
    assert ("small", "/v1/chat/completions", "Bearer secret") == tuple(
        heard[0][key] for key in ("model", "path", "authorization")
    )


def test_a_page_without_doubt_is_not_sent(tmp_path: Path) -> None:
    _, heard = _read(tmp_path, _completion(), INVOICE)
    assert [] == heard


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: b"",
        lambda _: b"no json",
        lambda _: b"[]",
        lambda _: b'{"choices": []}',
        lambda _: b'{"choices": [{"message": {"content": "[1]"}}]}',
        lambda _: b" " * (LONGEST_ANSWER + 1),
    ],
    ids=["error", "no json", "list", "empty", "content", "endless"],
)
def test_reading_goes_on_without_an_answer(tmp_path: Path, answer: Answer) -> None:
    assert "726.00" == str(_read(tmp_path, answer)[0].invoice.total)


def test_a_model_that_is_not_there_is_no_obstacle(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = ExtractorSettings(url=f"http://localhost:{port}", model="m", key=None, timeout_seconds=2, characters=100)
    assert {} == PrivateExtractor(settings, tmp_path / "sent", utc_now).ask("text", "page")


def test_text_goes_nowhere_in_the_clear() -> None:
    with pytest.raises(SettingsError, match="only https"):
        check_settings({"extractor": {"url": "http://models.example", "model": "m"}}, "exchange.toml")


def test_there_is_no_extractor_unless_somebody_sets_one_up(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        assert desk.world.engines.extractor is None
    with open_desk(tmp_path, policy=f'[extractor]\nurl = "https://models.example"\nmodel = "m"\n{POLICY}') as desk:
        assert isinstance(desk.world.engines.extractor, PrivateExtractor)


def test_a_page_is_read_with_every_socket_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("somebody opened a socket")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    reading = read(opened(saved(painted(), "PNG")), SUPPLIERS, available(threads=1))
    assert ("BW-20418", "726.00") == (reading.invoice.number, str(reading.invoice.total))
