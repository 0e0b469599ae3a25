"""How a ticket number begins."""

PREFIXES = ["PC", "CA", "A/5", "STON/O2"]
