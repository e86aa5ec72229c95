"""CloudWatch cross-account observability: links of source accounts to monitoring accounts' sinks."""
