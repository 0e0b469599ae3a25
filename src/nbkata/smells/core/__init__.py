"""Code smells in notebooks and scripts, found by syntax and by what is read and written where.

``find.smells_in_notebook`` and ``find.smells_in_script`` are the way in. A family of smells is a
module; its detectors take a ``View`` and yield ``Spot`` values.
"""
