"""`make bench`: how fast the product is, beside what its parts could do at best on the same machine at the same time.

Each file in `lines` measures one or more lines of the table and knows its targets. A figure stands beside its baseline,
measured in turns with it, because a machine's speed changes from minute to minute and a ratio does not.
"""
