"""Transformers of log events: a list of processors, from a message to JSON."""
