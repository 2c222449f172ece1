"""Sinks: scores in other stores, filled from the feed, which can be dropped and filled again."""
