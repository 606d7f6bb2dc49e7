"""The month by itself: inbox, checks, build, mail, log."""
