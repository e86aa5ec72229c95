"""Sensitive data in texts: `detection` finds what `table` and policies describe."""
