"""CloudWatch Logs filter patterns: `parser.parse`, `compiler.compile_pattern`, nodes in `tree`."""
