"""Salesbell's own contenders."""
