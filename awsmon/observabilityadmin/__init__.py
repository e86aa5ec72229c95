"""CloudWatch Observability Admin, as far as resource tags for telemetry go."""
