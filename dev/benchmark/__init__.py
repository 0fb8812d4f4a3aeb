"""Times the engine on scratch databases of several sizes; ``dev/bench`` runs it.

Each size runs in a process and a database of its own. The floor, one grouping of the
same orders, is timed right before whatever is compared with it, and of repeated
timings the median counts: the machine may be busy with something else as well.
"""
