"""Moves that the business has a word for. Each works inside a transaction that the caller opened."""
