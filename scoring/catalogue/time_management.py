"""KRA time management: doing what is due, on what matters, and answering soon."""

from scoring import slots
from scoring.formulas import share
from scoring.kpi import Kpi, Kra, Prior, Unit
from scoring.points import Rate, Signed
from scoring.timekeeping import revenue_time, schedule_adherence
from scoring.turnaround import MINUTE, turnaround_reduction
from scoring.watching import Mean, Watched

KRA = Kra("time_management", "Time management", weight=7)

#: A mean turnaround of half a business day needs not become shorter.
SLA_MINUTES = 240

_TASK = ("task.scheduled", "task.completed", "task.withdrawn")

KPIS = (
    Kpi(
        id="time_management.schedule_adherence",
        title="Schedule adherence",
        definition=(
            "Of the tasks due in the window and not withdrawn at any time, the share first "
            "completed at or before that; by cadence, `none` for tasks without one. Credit to "
            "the executive on task.scheduled."
        ),
        formula_text="tasks completed by due_at / tasks due",
        events=_TASK,
        formula=schedule_adherence,
        unit=Unit.RATE,
        curve=Rate(floor=0.6, ceiling=1.0),
        weight=30,
        additive=False,
        default_target=0.9,
        least_n=5,
        is_share=True,
        prior=Prior(10, (slots.TASKS_BY_CADENCE, slots.TASKS_IN_TIME_BY_CADENCE)),
    ),
    Kpi(
        id="time_management.priority_completion",
        title="Priority completion",
        definition=(
            "Of the priority tasks due in the window and not withdrawn, the share that was "
            "completed, at whatever time."
        ),
        formula_text="priority tasks completed / priority tasks due",
        events=_TASK,
        formula=share(slots.PRIORITY_TASKS_DONE, slots.PRIORITY_TASKS),
        unit=Unit.RATE,
        curve=Rate(floor=0.6, ceiling=1.0),
        weight=30,
        additive=False,
        default_target=0.95,
        least_n=3,
        is_share=True,
        prior=Prior(10, (slots.PRIORITY_TASKS, slots.PRIORITY_TASKS_DONE)),
    ),
    Kpi(
        id="time_management.revenue_time",
        title="Time on revenue",
        definition=(
            "Of the minutes logged, the share logged as selling, prospecting or follow_up; n is "
            "the number of entries."
        ),
        formula_text="minutes of selling, prospecting, follow_up / minutes logged",
        events=("time.logged",),
        formula=revenue_time,
        unit=Unit.RATE,
        curve=Rate(floor=0.2, ceiling=0.7),
        weight=15,
        additive=False,
        default_target=0.5,
    ),
    Kpi(
        id="time_management.turnaround_reduction",
        title="Turnaround reduction",
        definition=(
            "(p - m) / max(p, m), where m is the mean turnaround of the window and p that of the "
            "window before; 0 if both are 0, undefined if one of them has no answers. The "
            "turnaround of an inquiry is the business time from its opening to the first answer "
            "by anyone, in whole milliseconds, 0 if that came before the opening; credit and "
            "time are that answer's, and the business hours those of the branch where the "
            "executive credited is placed on its day. Companions in business minutes: the exact "
            "mean, and p50 and p90 within 1 %. A mean of at most half a business day (240 "
            "minutes) gets at least 80 points, for it needs not become shorter."
        ),
        formula_text=(
            "(previous mean turnaround - mean turnaround) / the larger of the two, in business time"
        ),
        events=("inquiry.opened", "inquiry.answered"),
        formula=turnaround_reduction(SLA_MINUTES),
        unit=Unit.RATE,
        curve=Signed(((-0.5, 0), (0, 60), (0.1, 80), (0.3, 100))),
        weight=25,
        additive=False,
        default_target=0.1,
        least_n=5,
        has_previous=False,
        watch=Watched(
            Mean(slots.TURNAROUND, slots.ANSWERED, scale=MINUTE),
            title="Turnaround",
            unit=" min",
            higher_is_better=False,
        ),
    ),
)
