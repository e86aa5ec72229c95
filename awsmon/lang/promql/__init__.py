"""PromQL, a documented subset: `parser.parse`, `compiler.compile_query`, nodes in `tree`."""
