"""Logs Insights queries."""
