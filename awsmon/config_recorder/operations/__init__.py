"""The operations of AWS Config, by what they are about."""
