"""The files that put appointments into people's calendars."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.invites import Entry, ics
from storage.calendars import Consultation, ConsultationState
from storage.partners import Way

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STARTS = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)


def appointment(number: int = 1, starts: datetime = STARTS) -> Consultation:
    return Consultation(
        id=number,
        case_id=number,
        lawyer_id=1,
        chat_id=5,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=30),
        way=Way.PHONE,
        state=ConsultationState.BOOKED,
        created_at=NOW,
    )


def events(content: bytes) -> list[dict[str, str]]:
    """Each event's lines, by their names."""
    found = Calendar.from_ical(content).walk("VEVENT")
    return [
        {line.partition(":")[0]: line.partition(":")[2] for line in event.content_lines() if line}
        for event in found
    ]


def test_it_says_when_and_where() -> None:
    entry = Entry(appointment(), "Консультация", "Ош, Ленина 5", 40.51, 72.8)
    (event,) = events(ics([entry], NOW))
    assert event["DTSTART"] == "20261127T083000Z"
    assert event["DTEND"] == "20261127T090000Z"
    assert event["SUMMARY"] == "Консультация"
    assert event["LOCATION"] == "Ош\\, Ленина 5"
    assert event["GEO"] == "40.51;72.8"


def test_a_later_file_replaces_the_earlier() -> None:
    (first,) = events(ics([Entry(appointment(), "x")], NOW))
    later, moved = NOW + timedelta(minutes=5), STARTS + timedelta(days=1)
    (second,) = events(ics([Entry(appointment(starts=moved), "x")], later))
    assert first["UID"] == second["UID"]
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])
    assert second["DTSTART"].startswith("20261128")


def test_a_week_has_a_line_for_each() -> None:
    week = [Entry(appointment(number), f"KG-2026-{number:05}") for number in (1, 2, 3)]
    listed = events(ics(week, NOW))
    assert [one["SUMMARY"] for one in listed] == [f"KG-2026-0000{number}" for number in (1, 2, 3)]
    assert len({one["UID"] for one in listed}) == 3


def test_nothing_in_the_file_tells_where_it_came_from() -> None:
    content = ics([Entry(appointment(), "Встреча")], NOW).decode().lower()
    assert not any(word in content for word in ("law", "legal", "юрист", "bot", "jigerduu", "kg-"))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_any_title_stays_in_its_line(title: str) -> None:
    content = ics([Entry(appointment(), title, title)], NOW)
    assert len(events(content)) == 1
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
