"""The operations of the client `pipes`."""
