"""The shared backend: clock, dispatcher, deliveries. Knows no service and no botocore."""
