"""Cross-account observability: links of source accounts to the sinks of monitoring accounts."""
