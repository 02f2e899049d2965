"""The rules of the statement data model, one file per noun, as pure checks on parsed JSON."""
