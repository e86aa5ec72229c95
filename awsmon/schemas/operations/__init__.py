"""The operations of the client `schemas`, a module for each noun."""
