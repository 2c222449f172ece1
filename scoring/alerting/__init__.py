"""The alarm: conversions that dropped, found early, with a stated number of false calls.

Read `detector.py` first (the evidence and its promise), then `baseline.py` (what is
expected), `course.py` (how alerts come and go) and `alarms.py` (where a host calls).
"""
