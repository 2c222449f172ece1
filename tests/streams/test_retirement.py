"""How many subjects are remembered over years of work: a bounded number."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scoring.calendar import micros
from scoring.events import Event
from scoring.events.activity import TaskScheduled
from scoring.events.leads import LeadCreated
from scoring.events.sales import LoanClosed, SaleDisbursed
from scoring.journeys import Grave, Journey, born, receive, retire
from scoring.subjects import meaning_of
from streams.retirement import is_over
from streams.settings import Settings

SETTINGS = Settings(retention_days=93)
RULES = SETTINGS.rules(SETTINGS.calendar)
FIRST = datetime(2020, 1, 1, 12, tzinfo=ZoneInfo("Asia/Kolkata"))
DAYS = 1_000
DUE_IN = 7
OPEN_FOR = 30


class Floor:
    """Some subjects that begin and end, day after day."""

    def __init__(self) -> None:
        self.journeys: dict[str, Journey] = {}
        self._position = 0

    def work(self, day: int) -> None:
        """A lead, a task, a loan and the end of an older loan."""
        at = FIRST + timedelta(days=day)
        key = str(day)
        sale = SaleDisbursed(
            loan_id=key, customer_id="C", executive_id="E", amount=1.0, currency="INR"
        )
        due = at + timedelta(days=DUE_IN)
        for data in (
            LeadCreated(lead_id=key, channel="web"),
            TaskScheduled(task_id=key, executive_id="E", due_at=due),
            sale,
            LoanClosed(loan_id=str(day - OPEN_FOR)),
        ):
            self._position += 1
            event = Event(micros(at), "/crm", f"{key} {type(data).__name__}", data)
            journey = self.journeys.get(data.subject) or born(self._position)
            change = receive(journey, event, ("p", self._position), meaning_of(data.subject, RULES))
            self.journeys[data.subject] = change.journey

    def look(self, day: int) -> None:
        """Forget what is over."""
        now = micros(FIRST + timedelta(days=day))
        retention = SETTINGS.admission.retention
        for subject, journey in list(self.journeys.items()):
            if is_over(subject, journey, now, RULES.silence, retention):
                self._position += 1
                after = retire(journey, journey.version, Grave(now, self._position))
                if after is None:
                    del self.journeys[subject]
                else:
                    self.journeys[subject] = after


def test_what_is_remembered_is_bounded_by_the_retention_and_not_by_the_years() -> None:
    floor = Floor()
    counts = []
    for day in range(DAYS):
        floor.work(day)
        floor.look(day)
        counts.append(len(floor.journeys))
    # Retention, silence and a day; then a grave of eight days, each seen on the next day.
    remembered = 93 + 94 + 1 + 8 + 3
    assert counts[-1] == max(counts[DAYS // 2 :]) == min(counts[DAYS // 2 :])
    assert counts[-1] <= 3 * remembered + DUE_IN + OPEN_FOR
    assert counts[-1] < DAYS


def test_an_open_loan_is_remembered_for_ever() -> None:
    floor = Floor()
    for day in range(3):
        floor.work(day)
    floor.look(DAYS)
    left = {key for key, journey in floor.journeys.items() if not journey.is_empty}
    assert left == {"loan:0", "loan:1", "loan:2"}
