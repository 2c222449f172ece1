"""Grafana's dashboard, made from the catalogue."""
