"""Normals: what is normal for an entity, as parents tell it to the watches of their children."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from scoring.alerting.alarms import NO_BASELINES, NO_USUALS, Baselines, Usuals
from scoring.alerting.baseline import Baseline
from scoring.alerting.idle import NO_LULLS, Lull, Lulls
from scoring.alerting.stages import Stage
from scoring.alerting.usual import Usual


class Normal(NamedTuple):
    """What is normal for an entity.

    Attributes:
        baselines: Of its leads, by stage.
        usuals: Of its KPIs, by id.
        lulls: When nothing came to it, by KPIs that are counts, of the company.
    """

    baselines: Baselines = NO_BASELINES
    usuals: Usuals = NO_USUALS
    lulls: Lulls = NO_LULLS


NOTHING_KNOWN = Normal()

_by_indicator = msgspec.msgpack.Decoder(dict[str, msgspec.Raw]).decode
_baselines = msgspec.msgpack.Decoder(tuple[Baseline, ...]).decode
_usuals = msgspec.msgpack.Decoder(tuple[Usual, ...]).decode
_lulls = msgspec.msgpack.Decoder(dict[str, Lull]).decode
_encode = msgspec.msgpack.Encoder().encode
#: No stage and no KPI has this name.
_LULLS = "lulls"


def encode(normal: Normal) -> bytes:
    """One map by indicator: stages and KPIs have different names."""
    lulls = {_LULLS: normal.lulls} if normal.lulls else {}
    return _encode({**normal.baselines, **normal.usuals, **lulls})


def decode(value: bytes) -> Normal:
    """What was encoded.

    Raises:
        msgspec.DecodeError: If it is something else.
    """
    said = _by_indicator(value)
    lulls = said.pop(_LULLS, None)
    stages = [stage for stage in Stage if stage in said]
    return Normal(
        {stage: _baselines(said[stage]) for stage in stages},
        {kpi: _usuals(each) for kpi, each in said.items() if kpi not in stages},
        _lulls(lulls) if lulls is not None else NO_LULLS,
    )
