"""Metrics for Prometheus: names from the catalogue, values read when they are asked for."""
