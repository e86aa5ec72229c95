"""Alarm rules."""
