"""Throughput of Salesbell beside its peers, on one broker of this machine."""
