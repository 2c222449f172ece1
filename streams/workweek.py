"""When a company and its branches work, as a deployment sets it."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from scoring.business import MIDNIGHT, BusinessWeek
from streams.holidays import Holidays, check

if TYPE_CHECKING:
    from collections.abc import Iterable


class Weekday(StrEnum):
    """Days of the week, in order."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class WorkWeek(NamedTuple):
    """A business calendar as settings say it."""

    days: Iterable[Weekday]
    opens: time
    closes: time
    country: str | None
    subdivision: str | None
    dates: Iterable[date]

    def checked(self) -> BusinessWeek:
        """The business week.

        Raises:
            ValueError: If its hours or its place are impossible; it names them.
        """
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValueError(
                f"business hours end at {self.closes}, not after they begin at {self.opens}: "
                "hours over midnight are not supported"
            )
        check(self.country, self.subdivision)
        return BusinessWeek(
            frozenset(map(list(Weekday).index, self.days)),
            self.opens,
            self.closes,
            Holidays(self.country, self.subdivision, self.dates),
        )


class BranchCalendar(BaseModel):
    """By what a branch's business calendar differs from the company's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    business_days: Annotated[
        tuple[Weekday, ...] | None, Field(min_length=1, description="Days of work.")
    ] = None
    business_opens: Annotated[
        time | None, Field(description="Beginning of the hours, by the company's time zone.")
    ] = None
    business_closes: Annotated[
        time | None, Field(description="Their end; `00:00` means the end of the day.")
    ] = None
    holiday_country: Annotated[
        str | None, Field(description="Country; without `holiday_subdivision`, none of its states.")
    ] = None
    holiday_subdivision: Annotated[str | None, Field(description="State or province.")] = None
    holiday_dates: Annotated[
        tuple[date, ...] | None, Field(description="Further days off, in place of the company's.")
    ] = None

    def over(self, company: WorkWeek) -> WorkWeek:
        """The company's calendar with what the branch has of its own.

        A country comes with its state: the company's is of no use in another one.
        """
        state = company.subdivision if self.holiday_country is None else None
        return WorkWeek(
            self.business_days or company.days,
            company.opens if self.business_opens is None else self.business_opens,
            company.closes if self.business_closes is None else self.business_closes,
            self.holiday_country or company.country,
            self.holiday_subdivision or state,
            company.dates if self.holiday_dates is None else self.holiday_dates,
        )
