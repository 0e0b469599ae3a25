"""Titles, from the names of the passengers."""


def proc(name: str) -> str:
    """'Surname, Title. First names' -> 'Title'"""
    return name.split(",")[1].split(".")[0].strip()
