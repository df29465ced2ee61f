"""What must not change: everything that people get from an old commit, compared with the working tree.

Only public doors are used: the command line, HTTP and files. Nothing of `transfergraph` is imported.
"""
