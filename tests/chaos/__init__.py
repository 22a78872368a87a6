"""The chaos drill: hundreds of generations while workers and Redis are killed, frozen and restarted at random.

`load` requests texts like several users would, `faults` breaks things, and `verdict` compares the promises with the
data in MongoDB, the events that clients received and the calls to the stand-in.
"""
