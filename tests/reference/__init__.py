"""An independent reading of the metrics' definitions over raw statements: what the product's answers are compared with.

It imports nothing of the product. Doors: `evaluate`, `read`, `interactions`, `read_posts`, `agent_key`, `Row`.
"""

from .evaluation import evaluate, read
from .guard import Row
from .statements import agent_key
from .threads import Post, interactions, read_posts

__all__ = ["Post", "Row", "agent_key", "evaluate", "interactions", "read", "read_posts"]
