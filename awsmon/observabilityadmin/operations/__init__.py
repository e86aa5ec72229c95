"""The operations of the boto3 client ``observabilityadmin``."""
