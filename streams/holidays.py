"""Holidays: the public ones of a country or state, and a company's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holidays import country_holidays, list_supported_countries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from scoring.calendar import Day


def check(country: str | None, subdivision: str | None) -> None:
    """Refuse a place whose holidays nobody knows.

    Raises:
        ValueError: If the country, or the subdivision in it, is unknown.
    """
    if country is None:
        if subdivision is not None:
            raise ValueError(
                f"`holiday_subdivision` is {subdivision!r} and `holiday_country` is not set: set it"
            )
        return
    try:
        country_holidays(country, subdiv=subdivision)
    except NotImplementedError as error:
        known = list_supported_countries(include_aliases=False)
        names = ", ".join(known.get(country, known))
        raise ValueError(
            f"no holidays are known of {subdivision or country!r}: use one of {names}"
        ) from error


class Holidays:
    """The holidays of a year; the same at every call.

    Args:
        country: ISO 3166-1 code; None for no public holidays.
        subdivision: State or province in it.
        dates: Further ones.
    """

    def __init__(self, country: str | None, subdivision: str | None, dates: Iterable[date]) -> None:
        self._country = country
        self._subdivision = subdivision
        self._dates = tuple(dates)
        self._years: dict[int, frozenset[Day]] = {}

    def __call__(self, year: int) -> frozenset[Day]:
        """The holidays of a year."""
        if year not in self._years:
            own = {day.toordinal() for day in self._dates if day.year == year}
            self._years[year] = frozenset(own | self._public(year))
        return self._years[year]

    def _public(self, year: int) -> set[Day]:
        if self._country is None:
            return set()
        found = country_holidays(self._country, subdiv=self._subdivision, years=year)
        return {day.toordinal() for day in found if day.year == year}
