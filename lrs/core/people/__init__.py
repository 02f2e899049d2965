"""Who is who, and who belongs where.

directory    what administrators do: import, list, merge, split, delete   (models, table, edits)
identity     persons and groups in the place of agents, at any moment      (learned, learner, identities)
"""
