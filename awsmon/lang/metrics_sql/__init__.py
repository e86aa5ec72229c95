"""Metrics Insights' SELECT: `parser.parse`, `compiler.compile_query`, nodes in `tree`."""
