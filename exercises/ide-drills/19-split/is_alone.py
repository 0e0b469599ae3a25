"""Who travels alone?"""


def is_alone(siblings: int, parents: int) -> int:
    """1 for a person without family on board, 0 for all others."""
    family_size = siblings + parents + 1
    return 1 if family_size == 0 else 0
