"""Tết and working days: when they fall, which windows they have, what they do."""
