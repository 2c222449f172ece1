"""Normals: what is normal for an entity, as parents tell it to the watches of their children."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from scoring.alerting.alarms import NO_BASELINES, NO_USUALS, Baselines, Usuals
from scoring.alerting.baseline import Baseline
from scoring.alerting.stages import Stage
from scoring.alerting.usual import Usual


class Normal(NamedTuple):
    """What is normal for an entity.

    Attributes:
        baselines: Of its leads, by stage.
        usuals: Of its KPIs, by id.
    """

    baselines: Baselines = NO_BASELINES
    usuals: Usuals = NO_USUALS


NOTHING_KNOWN = Normal()

_by_indicator = msgspec.msgpack.Decoder(dict[str, msgspec.Raw]).decode
_baselines = msgspec.msgpack.Decoder(tuple[Baseline, ...]).decode
_usuals = msgspec.msgpack.Decoder(tuple[Usual, ...]).decode
_encode = msgspec.msgpack.Encoder().encode


def encode(normal: Normal) -> bytes:
    """One map by indicator: stages and KPIs have different names."""
    return _encode({**normal.baselines, **normal.usuals})


def decode(value: bytes) -> Normal:
    """What was encoded.

    Raises:
        msgspec.DecodeError: If it is something else.
    """
    said = _by_indicator(value)
    stages = [stage for stage in Stage if stage in said]
    return Normal(
        {stage: _baselines(said[stage]) for stage in stages},
        {kpi: _usuals(each) for kpi, each in said.items() if kpi not in stages},
    )
