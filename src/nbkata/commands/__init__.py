"""One module a command: its options, the calls that gather and decide, and what it prints."""
