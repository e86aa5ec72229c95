"""The operations of the client `cloudtrail`, a module for each noun."""
