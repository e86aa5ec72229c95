"""Rules of AWS Config: what resources should be, and whether they are."""
