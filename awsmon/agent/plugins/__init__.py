"""What the agent measures: a module for each kind of thing.

A plugin is asked for samples; which of them are wanted, under which names, is `measuring.py`'s.
"""
