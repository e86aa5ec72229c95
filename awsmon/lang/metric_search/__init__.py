"""CloudWatch's search expressions: `parser.parse`, `tokens.Phrase`, nodes in `tree`."""
