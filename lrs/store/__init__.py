"""The only place that knows MongoDB; all driver calls are here.

connection    one client for each process, and whether its server will do   (waiting: what its driver needs of asyncio)
mongod        a private server for one machine
stores        the databases: one for control, one for each store   (databases: their names)
statements    statements, written in groups, read by keys   (group_commit, references)
writers       which processes store statements, and what they promise   (promise, registry, fences)
feed          what was stored, in order, resumable
interactions  what the normaliser keeps, and the log of its changes   (changes, positions, failures, shorthand)
views         what plugins keep   (plugin_settings: what is chosen for them)
audit         who changed what
credentials   keys and what they open
leases        which worker works, and ending what a killed process left open
"""
