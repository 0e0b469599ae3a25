"""Whether a function is pure: what its text says, and what calling it again shows.

The static part reads the syntax tree (:mod:`~nbkata.purity.core.static`), the dynamic part judges
what a child process saw (:mod:`~nbkata.purity.core.verdict`).
"""
