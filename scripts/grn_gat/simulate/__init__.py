"""Boolean models and random networks -> cells: kinetics, batches, dropout, pseudotime."""
