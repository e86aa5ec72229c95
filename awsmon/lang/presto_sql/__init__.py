"""SELECT in Trino's dialect, as CloudTrail Lake and Athena speak it; with the extra ``lake``."""
