"""Turns statements into interactions: who did what toward whom, about what."""
