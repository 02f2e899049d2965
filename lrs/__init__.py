"""An xAPI learning record store with social-learning plugins."""

__version__ = "0.1.0"
