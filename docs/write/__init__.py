"""Tables and sentences of the documentation, from tables of finished runs."""
