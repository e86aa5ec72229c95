"""Regular expressions in RE2's syntax: read, weighed, and run in linear time."""
