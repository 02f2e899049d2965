"""The names of the databases: one for control, and one for each store."""

CONTROL = "lrs"
PREFIX = "lrs_"
