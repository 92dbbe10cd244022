"""Schedules: slots by their nominal local time, and mistakes that name their line."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from exchange.errors import SettingsError
from exchange.flow import FlowName
from exchange.schedule import Blackout, Schedule, Schedules, load_schedules, slot_name

NEW_YORK = ZoneInfo("America/New_York")


def names(cron: str, first: dt.datetime, last: dt.datetime, zone: ZoneInfo = NEW_YORK) -> list[str]:
    schedule = Schedule(flow=FlowName.INVOICES, cron=cron)
    return [slot_name(due)[:16] for due in schedule.slots(first, last, zone)]


def test_weekday_one_is_monday() -> None:
    week = (dt.datetime(2026, 3, 1, tzinfo=NEW_YORK), dt.datetime(2026, 3, 7, tzinfo=NEW_YORK))
    assert ["2026-03-02T06:00"] == names("0 6 * * 1", *week)


def test_the_hour_that_repeats_in_autumn_runs_once() -> None:
    days = (dt.datetime(2026, 10, 31, 12, tzinfo=NEW_YORK), dt.datetime(2026, 11, 1, 12, tzinfo=NEW_YORK))
    assert ["2026-11-01T01:30"] == names("30 1 * * *", *days)


def test_the_hour_that_is_missing_in_spring_runs_once_later() -> None:
    days = (dt.datetime(2026, 3, 7, 12, tzinfo=NEW_YORK), dt.datetime(2026, 3, 8, 12, tzinfo=NEW_YORK))
    assert ["2026-03-08T03:00"] == names("30 2 * * *", *days)


def test_a_leap_day_and_a_month_end_are_slots() -> None:
    days = (dt.datetime(2028, 2, 1, tzinfo=NEW_YORK), dt.datetime(2028, 3, 31, 12, tzinfo=NEW_YORK))
    assert ["2028-02-29T06:00", "2028-03-31T06:00"] == names("0 6 L * *", *days)


def test_a_year_of_sleep_is_not_a_year_of_slots() -> None:
    years = (dt.datetime(2025, 1, 1, tzinfo=NEW_YORK), dt.datetime(2026, 1, 1, tzinfo=NEW_YORK))
    assert 100 == len(names("*/5 * * * *", *years))


def test_mistakes_name_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "schedules.yaml"
    path.write_text(
        "time_zone: Europe/Berlin\n"
        "schedules:\n"
        "  - flow: invoces\n"
        '    cron: "0 25 * * *"\n'
        "  - flow: invoices\n"
        '    cron: "0 5 * * *"\n'
        "    jitter: 60\n",
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as caught:
        load_schedules(path)
    lines = [line.removeprefix(f"{path}:").split(": ")[:2] for line in str(caught.value).splitlines()]
    assert [["3", "schedules.0.flow"], ["4", "schedules.0.cron"], ["7", "schedules.1.jitter"]] == lines


def test_a_time_zone_nobody_knows_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "schedules.yaml"
    path.write_text("time_zone: Europe/Atlantis\nschedules: []\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="Atlantis"):
        load_schedules(path)


def test_the_shipped_schedules_are_right() -> None:
    schedules = load_schedules(Path(__file__).parents[2] / "schedules.yaml")
    assert set(FlowName) == {schedule.flow for schedule in schedules.schedules}


@pytest.mark.parametrize(
    ("blackout", "moment", "expected"),
    [
        (Blackout(day=dt.date(2026, 12, 25)), "2026-12-25T23:59", True),
        (Blackout(day=dt.date(2026, 12, 25)), "2026-12-26T00:00", False),
        (Blackout(start=dt.datetime(2026, 12, 31, 18), end=dt.datetime(2027, 1, 1)), "2026-12-31T18:00", True),  # noqa: DTZ001
        (Blackout(start=dt.datetime(2026, 12, 31, 18), end=dt.datetime(2027, 1, 1)), "2027-01-01T00:00", False),  # noqa: DTZ001
    ],
)
def test_a_blackout_covers_local_moments(blackout: Blackout, moment: str, expected: bool) -> None:
    schedules = Schedules(time_zone="America/New_York", blackout=(blackout,), schedules=())
    due = dt.datetime.fromisoformat(moment).replace(tzinfo=NEW_YORK)
    assert expected == schedules.is_blacked_out(due)
