"""Functions of queries: `registry` declares them, the other modules hold them by kind."""
