"""Contributor Insights rules: from a rule's JSON to who contributes what by a log event."""
