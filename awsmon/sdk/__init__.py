"""The SDK door: the only part that knows botocore."""
