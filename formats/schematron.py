"""Schematron as published, run by Saxon in a process of its own: limited in time and memory, and without a network.

A process serves many documents, since compiling a stylesheet takes longer than running it; it is replaced after
``USES`` documents, when it does not answer in time, and when it dies.
"""

import atexit
import contextlib
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

SECONDS = 120.0
USES = 500
LABEL = re.compile(r"^\[([A-Z0-9-]+)\]\s*-?\s*")
STEP = re.compile(r"/(?:\*:|Q\{[^}]*\}|[\w.-]+:)?([\w.-]+)(?:\[namespace-uri\(\)='[^']*'\])?\[(\d+)\]")


class SchematronError(Exception):
    """The rules could not be run to their end; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that a document breaks: its id, its flag (``fatal``, ``warning`` or ""), its text, and where.

    The id is the one that the text begins with in brackets, since some publishers number the rules of others anew.
    """

    rule: str
    flag: str
    text: str
    element: etree._Element


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """Rules published as XSLT: the installed distribution that carries them, and the file's path in it."""

    distribution: str
    file: str

    @property
    def path(self) -> Path | None:
        """Where the file lies, None when its distribution or Saxon is not installed."""
        try:
            found = Path(str(distribution(self.distribution).locate_file(self.file)))
        except PackageNotFoundError:
            return None
        return found if found.is_file() and find_spec("saxonche") else None

    def run(self, root: etree._Element, seconds: float = SECONDS) -> Iterator[Failure]:
        """Yield what is broken below ``root``; SchematronError when the rules are missing or come to no end."""
        if (path := self.path) is None:
            raise SchematronError(f"{self.distribution} or saxonche is not installed")
        xml = etree.tostring(root, encoding="unicode", with_tail=False)
        for found in WORKER.ask({"stylesheet": str(path), "xml": xml}, seconds):
            label, text = LABEL.match(found["text"]), LABEL.sub("", found["text"])
            yield Failure(label[1] if label else found["id"], found["flag"], text, locate(root, found["location"]))


def locate(root: etree._Element, location: str) -> etree._Element:
    """The element that an XPath of Schematron's reports names; the nearest one above it that exists."""
    here = root
    for name, place in STEP.findall(location)[1:]:
        children = [child for child in here if isinstance(child.tag, str) and etree.QName(child).localname == name]
        if len(children) < int(place):
            return here
        here = children[int(place) - 1]
    return here


class Worker:
    """The process that runs Saxon; it is started when it is first asked, and asked by one thread at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[str] | None = None
        self.uses = 0

    def ask(self, request: dict[str, str], seconds: float) -> list[dict[str, Any]]:
        """What the process answers; SchematronError when it does not, in time."""
        with self.lock:
            process = self._running()
            timer = threading.Timer(seconds, process.kill)
            timer.start()
            try:
                line = _exchange(process, json.dumps(request))
            finally:
                timer.cancel()
            if not line:
                self._stop()
                raise SchematronError(f"the rules were not checked within {seconds:g} seconds or two gigabytes")
        answer = json.loads(line)
        if "error" in answer:
            raise SchematronError(str(answer["error"]))
        return list(answer["failures"])

    def close(self) -> None:
        """End the process; the next question starts another."""
        with self.lock:
            self._stop()

    def _running(self) -> subprocess.Popen[str]:
        if self.process is None or self.process.poll() is not None or self.uses >= USES:
            self._stop()
            self.process = _started()
        self.uses += 1
        return self.process

    def _stop(self) -> None:
        process, self.process, self.uses = self.process, None, 0
        if process is not None:
            process.kill()
            process.communicate()


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "formats.saxon"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )


def _exchange(process: subprocess.Popen[str], line: str) -> str:
    if process.stdin is None or process.stdout is None:
        return ""
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(line + "\n")
        process.stdin.flush()
    return process.stdout.readline()


WORKER = Worker()
atexit.register(WORKER.close)
