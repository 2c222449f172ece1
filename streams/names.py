"""Names of topics, tables and the group: all begin with the deployment's prefix."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.events import FAMILIES


@dataclass(frozen=True)
class Names:
    """What things are called on the broker.

    Args:
        prefix: The deployment's prefix.
    """

    prefix: str

    @property
    def group(self) -> str:
        """The consumer group, and Faust's application id."""
        return self.prefix

    @property
    def sources(self) -> dict[str, str]:
        """Source topics by family."""
        return {family: f"{self.prefix}.{family}" for family in FAMILIES}

    @property
    def subjects(self) -> str:
        """Events and notes on their way to subjects."""
        return f"{self.prefix}.subjects"

    @property
    def facts(self) -> str:
        """Differences on their way to executives."""
        return f"{self.prefix}.facts"

    @property
    def rollups(self) -> str:
        """Contributions on their way to teams, branches and the company."""
        return f"{self.prefix}.rollups"

    @property
    def worked(self) -> tuple[str, ...]:
        """What the group works through, in the order of the way."""
        return (*self.sources.values(), self.subjects, self.facts, self.rollups)

    @property
    def reference_latest(self) -> str:
        """Placements, targets, campaigns, teams' sales ... as known now, by key; compacted."""
        return f"{self.prefix}.reference-latest"

    @property
    def scores(self) -> str:
        """Scores by entity and window; compacted."""
        return f"{self.prefix}.scores"

    @property
    def alerts(self) -> str:
        """Alerts by identity, as told last; compacted."""
        return f"{self.prefix}.alerts"

    @property
    def remarks(self) -> str:
        """What people say of alerts, and changes that they expect; compacted."""
        return f"{self.prefix}.alert-remarks"

    @property
    def bids(self) -> str:
        """Which alert each worker would tell next, by partition; compacted."""
        return f"{self.prefix}.alert-bids"

    @property
    def baselines(self) -> str:
        """What is normal for teams, branches and the company, by entity; compacted."""
        return f"{self.prefix}.baselines"

    @property
    def dead_letters(self) -> str:
        """Records that cannot count."""
        return f"{self.prefix}.dead-letters"

    def changelog(self, table: str) -> str:
        """The changelog of a table; compacted."""
        return f"{self.group}-{table}-changelog"
