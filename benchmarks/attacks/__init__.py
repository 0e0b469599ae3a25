"""The kinds of attack, one module each; `attack.py` beside this folder makes them."""
