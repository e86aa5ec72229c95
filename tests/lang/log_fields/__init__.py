"""Discovered fields."""
