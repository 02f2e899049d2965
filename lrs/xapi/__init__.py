"""The xAPI protocol as pure functions on parsed JSON: no I/O, no web framework, no database."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A parsed JSON object. The one place where `Any` stands for raw JSON."""
