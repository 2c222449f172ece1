"""The servers that tests and benchmarks run against: real ones, on this machine, on free ports."""
