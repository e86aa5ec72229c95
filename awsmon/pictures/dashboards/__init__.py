"""Dashboards as pictures: one HTML page, or one PNG."""
