"""Tests of the private MongoDB, on the real binary."""
