"""The alarm: what got worse, found early, with a stated number of false calls.

Read `detector.py` first (the evidence and its promise), then `baseline.py` (what is
expected), `course.py` (how alerts come and go), `relief.py` and `relatives.py` (one cause, one
alert) and `alarms.py`, where a host calls. KPIs that declare `watch` go the same way:
`judging.py` (the evidence of a day), `usual.py` (what is expected), `idle.py` (on which days
nothing is) and `kpis.py`. The host:

1. Keeps a `Watch` for each entity that it owns, and the alerts that it told, by id; they are
   its memory, and survive it on the topic to which it tells them.
2. Every few minutes, from a timer (evidence grows while nothing happens, so no event brings
   it), and not beyond the watermark of the leads: calls `Watch.alerts`, from the company
   downwards, with the parent's `Watch.baselines`, `usuals` and `lulls`, the entity's told alerts,
   and reliefs from alerts that fire or fired above, below and across.
3. Of the alerts that are new over all entities of an indicator, tells the strongest one,
   and looks again at its relatives before telling the next.
4. Tells an alert again when it differs from what was told; its id stays.
"""
