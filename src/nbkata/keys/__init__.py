"""The keys of every IDE and system."""
