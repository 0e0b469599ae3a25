"""The decks, from the top."""

DECKS = ["boat deck", "promenade", "bridge", "shelter", "saloon", "upper", "middle", "lower"]
