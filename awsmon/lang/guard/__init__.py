"""Guard, in which custom policy rules of AWS Config are written: text to tree, tree to outcome."""
