"""What analysts ask of statements themselves: to take them away, and to count them in groups."""
