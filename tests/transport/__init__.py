"""Contract tests of the transport, the store and the table."""
