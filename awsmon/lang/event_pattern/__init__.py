"""EventBridge's event patterns.

pattern = parse('{"source": ["app"], "detail": {"n": [{"numeric": [">", 5]}]}}')   # or PatternError
matches = compile_pattern(pattern)          # matches(event) -> bool
index = PatternIndex()                      # many patterns, one event: index.match(event)
explain(pattern, event)                     # which fields don't match, and what was there
"""
