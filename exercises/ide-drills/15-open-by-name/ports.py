"""Where people came on board."""

PORTS = {"S": "Southampton", "C": "Cherbourg", "Q": "Queenstown"}
