"""`make bench`: measures the product against minimal baselines on the same machine.

Each file in `lines` measures one or more lines of the table and defines their targets. A figure and its baseline are
measured in alternation, because a machine's speed varies from minute to minute while the ratio does not.
"""
