"""The only place that knows MongoDB: one module per collection, all driver calls, no protocol and no HTTP.

    connection   a client with our options, and the check of what it leads to
    mongod       the private MongoDB of `lrs serve`

Everything is awaited on the one client of the process; the control database is `lrs`, each store has `lrs_<store>`.
"""
