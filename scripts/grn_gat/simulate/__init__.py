"""Boolean models and random networks -> cells: kinetics, pseudotime, what is measured."""
