"""The operations of the client `athena`, a module for each noun."""
