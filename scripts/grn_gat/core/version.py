"""Version of the workflow; in a module of its own, as an edit of it reruns what imports it."""

VERSION = "0.1.0"
