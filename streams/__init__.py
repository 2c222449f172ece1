"""Hosts the scorer: Faust agents, stores, sinks and the command line."""
