"""Advanced queries of AWS Config: text to tree, tree to rows."""
