"""The operations of the client `events`, a module for each noun."""
