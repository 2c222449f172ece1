"""Replay: recorded events through the whole pipeline, and the scores that come out."""
