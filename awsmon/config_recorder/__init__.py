"""AWS Config: what resources look like, since when, and whether they should."""
