"""The fields that CloudWatch Logs discovers in messages: `discovery`; by kind of log, `formats`.

from awsmon.lang.log_fields.discovery import discover, field_reader, read_fields

discover(message, log)          # dict: every field by its name, at most 200, numbers as numbers
discover_source(message, log)   # the same, all values as text of the source: for display
read = field_reader("a.b.0.c")  # for one field of many messages:
read(read_fields(message, log)) # its value, or None
"""
