"""Pure KPI scoring: events in, values out; no I/O, no clock, no framework."""
