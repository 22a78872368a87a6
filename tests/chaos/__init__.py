"""The chaos drill: hundreds of generations while workers and Redis are killed, frozen and restarted at random.

`load` asks for texts as several people would, `faults` breaks things, `verdict` holds the promises against what
MongoDB stores, what the clients received and what the stand-in was asked.
"""
