"""A territory, a month and a day of knowledge → everything a report stands on, as plain results."""
