"""The metrics of the network, in the order in which they are listed."""

from plugins.network import mixing, structure

METRICS = (*structure.METRICS, *mixing.METRICS)
