"""The whole system under kill -9, and under load.

system   a real `lrs serve` with its processes, and how each of them is killed
hook     the other end of the named points: counts who came by, and strikes when armed
sender   a client that posts a sample and repeats each request until it is acknowledged
answers  what the system says: its statements, its metrics, how far it has derived

`test_several_processes` is about two HTTP processes on one database; `test_kills` kills every process at every point.
"""
