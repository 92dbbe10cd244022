"""The fields of one JSON object, each read as what it should be; what is wrong is noted, never raised."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from formats.findings import Finding, Rule, Source
from formats.rules import VALUE_DATE, VALUE_FLAG, VALUE_NUMBER, VALUE_REQUIRED

Json = Mapping[str, object]

NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?")
MIDNIGHT = dt.time()


class Fields:
    """A JSON object and the objects inside it, which share one list of findings.

    Numbers are Decimal whether they came as strings (as Coupa sends decimals) or as JSON numbers.
    """

    def __init__(self, body: object, name: str, path: str = "", findings: list[Finding] | None = None) -> None:
        self._name, self._path = name, path
        self._findings: list[Finding] = [] if findings is None else findings
        self._body = self._object(body)
        if not path and (identity := self.text("id")):
            self._name = f"{name} {identity}"

    @property
    def source(self) -> Source:
        """Where the object comes from."""
        return Source(self._name)

    @property
    def finding(self) -> Finding | None:
        """The first thing that is wrong with the object or anything in it."""
        return self._findings[0] if self._findings else None

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a text or a plain number as text, "" when there is none."""
        value = self._body.get(key)
        plain = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
        text = str(value).strip() if plain else ""
        if required and not text:
            self._note(key, VALUE_REQUIRED, "is missing")
        return text

    def number(self, key: str, *, required: bool = False) -> Decimal | None:
        """Return a number, None when there is none."""
        text = self.text(key, required=required)
        if not text:
            return None
        if NUMBER.fullmatch(text) is None:
            self._note(key, VALUE_NUMBER, f"{text!r} is not a number")
            return None
        return Decimal(text)

    def amount(self, key: str, default: Decimal = Decimal(0)) -> Decimal:
        """Return a number, ``default`` when there is none."""
        found = self.number(key)
        return default if found is None else found

    def whole(self, key: str, *, required: bool = False) -> int | None:
        """Return a whole number, None when there is none."""
        found = self.number(key, required=required)
        if found is not None and found != found.to_integral_value():
            self._note(key, VALUE_NUMBER, f"{found} is not a whole number")
            return None
        return None if found is None else int(found)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a truth value, ``default`` when there is none."""
        value = self._body.get(key)
        if value in (None, ""):
            return default
        said = str(value).lower()
        if said not in {"true", "false"}:
            self._note(key, VALUE_FLAG, f"{value!r} is neither true nor false")
        return said == "true"

    def moment(self, key: str) -> dt.datetime | None:
        """Return a moment with its zone, None when there is none; without a zone it is UTC (Coupa: API, dates)."""
        text = self.text(key)
        if not text:
            return None
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            self._note(key, VALUE_DATE, f"{text!r} is not a date")
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)

    def day(self, key: str) -> dt.date | None:
        """Return the day that was meant by a date that Coupa keeps as a moment.

        A day entered by a person is midnight in the company's zone, one sent to the API is midnight UTC, and either
        may come back in the other zone: whichever of the two is midnight is the day.
        """
        moment = self.moment(key)
        if moment is None:
            return None
        utc = moment.astimezone(dt.UTC)
        return utc.date() if moment.time() != MIDNIGHT and utc.time() == MIDNIGHT else moment.date()

    def child(self, key: str) -> "Fields":
        """Return an object inside this one, an empty one when there is none."""
        return self._inside(self._body.get(key), key)

    def children(self, key: str) -> Sequence["Fields"]:
        """Return the objects of a list inside this one."""
        value = self._body.get(key)
        items = value if isinstance(value, list) else []
        return [self._inside(item, f"{key}[{position}]") for position, item in enumerate(items)]

    def listed(self, key: str) -> list[str]:
        """Return a list of plain texts."""
        value = self._body.get(key)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def texts(self) -> dict[str, str]:
        """Return all plain values as texts, by key."""
        return {key: text for key in self._body if (text := self.text(key))}

    def _inside(self, body: object, key: str) -> "Fields":
        return Fields(body, self._name, f"{self._path}{key}.", self._findings)

    def _object(self, body: object) -> Json:
        if body is None or isinstance(body, Mapping):
            return body or {}
        self._note("", VALUE_REQUIRED, "is not an object")
        return {}

    def _note(self, key: str, rule: Rule, message: str) -> None:
        column = (self._path + key).rstrip(".")
        self._findings.append(Finding(Source(self._name, column=column), rule, f"{column}: {message}".lstrip(": ")))
