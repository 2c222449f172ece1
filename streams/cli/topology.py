"""`salesbell topology`."""

from __future__ import annotations

from streams.cli.console import load_settings
from streams.names import Names
from streams.topology import Flow, flows


def topology() -> None:
    """Draw the topology as a Mermaid diagram: topics, agents, tables, and who reads what."""
    print(mermaid(flows(Names(load_settings().prefix))))  # noqa: T201


def mermaid(agents: tuple[Flow, ...]) -> str:
    """The diagram of some agents."""
    lines = ["flowchart LR"]
    for flow in agents:
        lines.append(f"  {flow.agent}[[{flow.agent}]]")
        lines += [f"  {_node(topic)}([{topic}]) --> {flow.agent}" for topic in flow.reads]
        lines += [f"  {flow.agent} --> {_node(topic)}([{topic}])" for topic in flow.writes]
        if flow.table is not None:
            lines.append(f"  {flow.agent} <--> {flow.table}_table[({flow.table})]")
    return "\n".join(lines)


def _node(topic: str) -> str:
    return topic.replace(".", "_").replace("-", "_")
