"""Schedules: what runs when. A schedule's nominal time is its slot, whatever the clock does meanwhile."""

import datetime as dt
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from exchange.errors import SettingsError
from exchange.flow import FlowName

Model = TypeVar("Model", bound=BaseModel)
Missed = Literal["last", "all", "alarm"]
MOST_MISSED = 100  # a schedule that was asleep for a year must not run a year's slots


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Blackout(_Entry):
    """A time in which nothing is started: whole days, or from a local moment to another."""

    day: dt.date | None = Field(None, description="a whole day, such as 2026-12-25")
    start: dt.datetime | None = Field(None, description="first local moment, such as 2026-12-31T18:00")
    end: dt.datetime | None = Field(None, description="first local moment after it")

    @model_validator(mode="after")
    def _complete(self) -> "Blackout":
        if (self.day is None) == (self.start is None or self.end is None):
            raise ValueError("give either day, or start and end")
        if self.start and self.end and self.end <= self.start:
            raise ValueError("end must be after start")
        return self

    def covers(self, local: dt.datetime) -> bool:
        """True when a naive local moment lies in it."""
        if self.day is not None:
            return local.date() == self.day
        return self.start is not None and self.end is not None and self.start <= local < self.end


class Schedule(_Entry):
    """One flow and when it is due."""

    flow: FlowName = Field(description="the flow to run")
    cron: str = Field(description="minute hour day month weekday, as cron on Debian reads it (0 and 7 are Sunday)")
    time_zone: str = Field("", description="zone of the times; empty means that of the file")
    jitter_seconds: float = Field(0, ge=0, le=3600, description="start up to so much later, to spread the load")
    missed: Missed = Field("last", description="slots nobody ran: run the last, all, or the last and alarm")

    @field_validator("cron")
    @classmethod
    def _is_cron(cls, text: str) -> str:
        try:
            CronSim(text, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        except CronSimError as error:
            raise ValueError(f"{text!r} is no cron expression: {error}") from error
        return text

    def slots(self, after: dt.datetime, until: dt.datetime, zone: ZoneInfo) -> Iterator[dt.datetime]:
        """Yield the moments due after one moment and not after another, in the schedule's zone, at most a hundred."""
        for count, due in enumerate(CronSim(self.cron, after.astimezone(zone))):
            if due > until or count >= MOST_MISSED:
                return
            yield due


class Schedules(_Entry):
    """A schedules file."""

    time_zone: str = Field("UTC", description="zone of all times that name none")
    blackout: tuple[Blackout, ...] = Field((), description="times in which nothing is started")
    schedules: tuple[Schedule, ...] = Field(description="the flows and when they are due")

    @model_validator(mode="after")
    def _zones_exist(self) -> "Schedules":
        for name in {self.time_zone, *(entry.time_zone for entry in self.schedules if entry.time_zone)}:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise ValueError(f"there is no time zone {name!r}") from error
        return self

    def zone(self, schedule: Schedule) -> ZoneInfo:
        """Return the zone in which a schedule's times are meant."""
        return ZoneInfo(schedule.time_zone or self.time_zone)

    def next_due(self, flow: FlowName, now: dt.datetime) -> dt.datetime | None:
        """Return when a flow is due next, None when nothing is planned within a hundred slots."""
        coming = [
            next(
                (
                    slot
                    for slot in islice(CronSim(one.cron, now.astimezone(self.zone(one))), MOST_MISSED)
                    if not self.is_blacked_out(slot)
                ),
                None,
            )
            for one in self.schedules
            if one.flow == flow
        ]
        return min((slot for slot in coming if slot), default=None)

    def due(self, flow: FlowName, after: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
        """Return the moments at which a flow was due after one moment and not after another, earliest first."""
        mine = [one for one in self.schedules if one.flow == flow]
        slots = (slot for one in mine for slot in one.slots(after, until, self.zone(one)))
        return sorted(slot for slot in slots if not self.is_blacked_out(slot))

    def is_blacked_out(self, due: dt.datetime) -> bool:
        """True when nothing may be started at this moment."""
        return any(
            entry.covers(due.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)) for entry in self.blackout
        )


def slot_name(due: dt.datetime) -> str:
    """Return the nominal time of a slot with its zone; the hour that daylight saving repeats has one name."""
    return f"{due:%Y-%m-%dT%H:%M} {due.tzinfo}"


def find_schedules_file(given: Path | None) -> Path:
    """Return the file: as given, else ``$EXCHANGE_SCHEDULES``, else ``schedules.yaml``; SettingsError if none."""
    path = given or Path(os.environ.get("EXCHANGE_SCHEDULES", "schedules.yaml"))
    if not path.is_file():
        raise SettingsError(f"There is no schedules file {path}. `exchange init` writes one, --schedules names one.")
    return path


def load_schedules(path: Path) -> Schedules:
    """Read and check a schedules file; SettingsError names line and key of everything that is wrong."""
    return load_yaml(path, Schedules)


def load_yaml(path: Path, model: type[Model]) -> Model:
    """Read a YAML file as a model; SettingsError names line and key of everything that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        # The base loader keeps every scalar as text: YAML 1.1 would make 8 of 010 and False of no.
        values = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  (the base loader makes nothing but text)
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
        raise SettingsError("\n".join(_problem(path, node, problem) for problem in problems)) from None


def _problem(path: Path, node: yaml.Node | None, problem: Any) -> str:  # noqa: ANN401  (pydantic's error details)
    key = ".".join(map(str, problem["loc"])) or "the file"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{path}:{_line(node, problem['loc'])}: {key}: {message}"


def _line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """The line, from 1, of the deepest part of a key that stands in the file."""
    if node is None:
        return 1
    for part in loc:
        deeper = _child(node, part)
        if deeper is None:
            break
        node = deeper
    return int(node.start_mark.line) + 1


def _child(node: yaml.Node, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    return None
