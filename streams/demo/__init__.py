"""The demo: an embedded broker and believable traffic of a loan sales floor."""
