"""Commands of queries, a class each; `parser.py` lists them by their words."""
