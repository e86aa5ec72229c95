"""Filters of OAM links: `parser.parse`, `compiler.compile_filter`, nodes in `tree`."""
