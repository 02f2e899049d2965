"""The recipes: one async function per thing a client can do."""
