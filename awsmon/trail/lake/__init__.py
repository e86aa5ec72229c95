"""CloudTrail Lake: event data stores, what feeds them, and the queries over them."""
