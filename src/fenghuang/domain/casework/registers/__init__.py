"""Short code that declarations name (code.py), one module a register or subject."""
