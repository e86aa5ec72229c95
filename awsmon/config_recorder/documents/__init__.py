"""What AWS's automation documents do, a module for each group of services."""
