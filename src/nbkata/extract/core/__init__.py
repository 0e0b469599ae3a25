"""What to extract from a notebook first: data flow between cells, candidates, a picture."""
