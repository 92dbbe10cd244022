"""The extractor: a language model of your own behind an OpenAI-compatible API. Every text that leaves is written down.

It is asked about one page at a time, gets text whose accounts, tax ids and mail addresses are masked, and never a
picture. When it does not answer, or not in JSON, reading goes on without it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx2
import structlog

from capture.asking import FIELDS
from exchange.settings import ExtractorSettings

SENT = "extractor-sent.jsonl"
LONGEST_ANSWER = 1 << 20
TASK = (
    "You read invoices. Answer with one JSON object and nothing else. Its keys are " + ", ".join(FIELDS) + ": the name "
    "of the sender, the invoice number, the invoice date (YYYY-MM-DD), the number of the purchase order, and the total "
    "to pay (digits and a point). Copy values as they are printed; leave out what is not there."
)

log = structlog.get_logger()


class PrivateExtractor:
    """Asks the endpoint; ``sent`` is the file that keeps what was sent, one JSON object a line."""

    def __init__(self, settings: ExtractorSettings, sent: Path, clock: Callable[[], dt.datetime]) -> None:
        self._settings = settings
        self._sent = sent
        self._clock = clock

    def ask(self, text: str, name: str) -> Mapping[str, str]:
        """The fields that the model finds in the text of the page ``name``; none when it cannot be asked."""
        text = text[: self._settings.characters]
        self._write_down(text, name)
        try:
            return _fields(self._post(text))
        except (httpx2.HTTPError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            log.warning("the extractor gave no answer", page=name, error=f"{type(error).__name__}: {error}")
            return {}

    def _post(self, text: str) -> Any:  # noqa: ANN401  (whatever a stranger answers)
        key = self._settings.key
        asked = {
            "model": self._settings.model,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": [{"role": "system", "content": TASK}, {"role": "user", "content": text}],
        }
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
        url = f"{self._settings.url.rstrip('/')}/chat/completions"
        with (
            httpx2.Client(timeout=self._settings.timeout_seconds, trust_env=False) as client,
            client.stream("POST", url, json=asked, headers=headers) as answer,
        ):
            answer.raise_for_status()
            body = b""
            for block in answer.iter_bytes():
                body += block
                if len(body) > LONGEST_ANSWER:
                    raise ValueError(f"the answer is longer than {LONGEST_ANSWER} bytes")
        return json.loads(body)

    def _write_down(self, text: str, name: str) -> None:
        digest = hashlib.sha256(text.encode()).hexdigest()
        line = {"at": self._clock().isoformat(), "to": self._settings.url, "page": name, "sha256": digest, "text": text}
        with self._sent.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _fields(answer: Any) -> dict[str, str]:  # noqa: ANN401  (whatever a stranger answers)
    """The known fields of a chat completion whose content is a JSON object."""
    values = json.loads(answer["choices"][0]["message"]["content"])
    return {name: str(values[name]) for name in FIELDS if isinstance(values.get(name), str | int | float)}
