"""Days that the figures depend on: Tết, and the days on which they are released."""
