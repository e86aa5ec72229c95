"""CloudWatch's metric math: `compiler.compile_expression`, values in `series`, nodes in `tree`."""
