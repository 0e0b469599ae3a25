"""An earlier plan of the decks, never built."""

DECKS = ["boat deck", "veranda", "bridge", "shelter", "saloon", "upper", "lower"]
