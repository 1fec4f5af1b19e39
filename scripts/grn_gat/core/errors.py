"""The one exception that says "what you gave is wrong" rather than "the program is wrong"."""


class InputError(ValueError):
    """Bad input: one sentence that names the file, key or gene and what would be right."""
