"""The operations of the boto3 client ``oam``, a module for each noun."""
