"""The report: a whole session as one page."""
