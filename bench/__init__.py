"""Speed and accuracy beside what a user would otherwise pick: `make bench`."""
