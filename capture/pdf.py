"""PDF: text with boxes, drawn pages, and the e-invoice that a hybrid PDF carries, from a process that may be killed."""

import atexit
import contextlib
import hashlib
import json
import subprocess
import sys
import threading
from functools import partial
from typing import Any

from PIL import Image

from capture.image import straighten
from capture.limits import Limits
from capture.paper import TEXT_LAYER, Page, Paper, PaperKind, UnreadableError, Words
from capture.rules import PAGE_DAMAGED, PAGE_ENCRYPTED, PAGE_TOO_LARGE, PAGE_UNREADABLE
from capture.words import Word
from formats.findings import Box, Finding, Source

POINTS = 72
GARBLED = 0.2

Answer = tuple[dict[str, Any], bytes]


class Worker:
    """The process that opens and draws; it is started when it is first asked, and asked by one thread at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: dict[str, Any], content: bytes, seconds: float) -> Answer:
        """The answer to a request; UnreadableError when there is none in time."""
        with self._lock:
            process = self._running()
            timer = threading.Timer(seconds, process.kill)
            timer.start()
            answer = None
            try:
                answer = _exchange(process, request | {"seconds": seconds}, content)
            finally:
                timer.cancel()
                if answer is None:
                    self._stop()  # what it may still say answers no later request
            if answer is None:
                raise UnreadableError(f"not opened or drawn within {seconds:g} seconds and three gigabytes")
            return answer

    def close(self) -> None:
        """End the process; the next question starts another."""
        with self._lock:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "capture.drawing"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _exchange(process: subprocess.Popen[bytes], request: dict[str, Any], content: bytes) -> Answer | None:
    """The answer to a request; None when the process ends before it is complete."""
    if process.stdin is None or process.stdout is None:
        return None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(request | {"bytes": len(content)}).encode() + b"\n" + content)
        process.stdin.flush()
    line = process.stdout.readline()
    if not line.endswith(b"\n"):
        return None
    told = json.loads(line)
    received = process.stdout.read(told["bytes"])
    return (told, received) if len(received) == told["bytes"] else None


WORKER = Worker()
atexit.register(WORKER.close)


class _Document:
    """A PDF at the worker, which is told of it again when it had to be started anew."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._key = hashlib.sha256(data).hexdigest()

    def open(self) -> Answer:
        request = {"do": "open", "key": self._key, "pages": self._limits.pages, "xml_bytes": self._limits.xml_bytes}
        return self._answer(request, self._data)

    def _ask(self, what: str, page: int) -> Answer:
        request = {"do": what, "key": self._key, "page": page, "scale": self._limits.dpi / POINTS}
        answer = self._answer(request)
        if "unknown" in answer[0]:
            self.open()
            answer = self._answer(request)
        if "unknown" in answer[0]:
            raise UnreadableError("it cannot be opened again")
        return answer

    def _answer(self, request: dict[str, Any], content: bytes = b"") -> Answer:
        answer = WORKER.ask(request, content, self._limits.drawing_seconds)
        if "error" in answer[0]:
            raise UnreadableError(answer[0]["error"])
        return answer

    def draw(self, page: int) -> Image.Image:
        told, pixels = self._ask("draw", page)
        picture = Image.frombytes("RGB", (told["width"], told["height"]), pixels)
        # boxes of a text layer are those of the page as it stands, so only a page without one may be turned
        return picture if told["has_text"] else straighten(picture)

    def text_layer(self, page: int) -> Words:
        """The words of a page; none where the text is not what the eye sees, so that the page is read as a scan."""
        rows = self._ask("words", page)[0]["words"]
        words = tuple(Word(text, Box(*box), 1.0, TEXT_LAYER, page) for text, *box in rows)
        return () if _garbled(words) else words


def open_pdf(data: bytes, name: str, limits: Limits) -> Paper | Finding:
    """The paper of a PDF; a finding if it is damaged, needs a password, has too many pages or comes to no end."""
    document = _Document(data, limits)
    try:
        told, xml = document.open()
    except UnreadableError as error:
        return Finding(Source(name), PAGE_UNREADABLE, str(error))
    if "refused" in told:
        if told["encrypted"]:
            return Finding(Source(name), PAGE_ENCRYPTED, "a password is needed to open it")
        return Finding(Source(name), PAGE_DAMAGED, f"cannot be opened: {told['refused']}")
    count = told["count"]
    if not 0 < count <= limits.pages:
        rule = PAGE_TOO_LARGE if count else PAGE_DAMAGED
        return Finding(Source(name), rule, f"{count} pages" + (f" are more than {limits.pages}" if count else ""))
    opened = [_page(document, name, number, size, limits) for number, size in enumerate(told["sizes"], 1)]
    pages = tuple(page for page in opened if isinstance(page, Page))
    problems = tuple(page for page in opened if isinstance(page, Finding))
    if not pages:
        return problems[0]
    return Paper(name, PaperKind.PDF, data, pages, limits, xml if told["xml"] else None, problems)


def _page(document: _Document, name: str, number: int, size: list[float] | str, limits: Limits) -> Page | Finding:
    where = Source(name, page=number)
    if isinstance(size, str):
        return Finding(where, PAGE_DAMAGED, f"cannot be opened: {size}")
    width, height = size
    pixels = width * height * (limits.dpi / POINTS) ** 2
    if width < 1 or height < 1:
        return Finding(where, PAGE_DAMAGED, f"the page is {width:g} x {height:g} points")
    if pixels > limits.pixels:
        return Finding(where, PAGE_TOO_LARGE, f"{pixels:.0f} pixels are more than {limits.pixels}")
    return Page(number, width / height, partial(document.draw, number), partial(document.text_layer, number))


def _garbled(words: Words) -> bool:
    """True when a font has no map to Unicode, so that the text layer is not what the eye sees."""
    text = "".join(word.text for word in words)
    strange = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in text)
    return strange > GARBLED * len(text)
