"""Other ways to count the same events; each module has the `run` that `Contender` describes."""
