"""The small languages: text and data in, closures out. Pure: no clock, no service, no botocore."""
