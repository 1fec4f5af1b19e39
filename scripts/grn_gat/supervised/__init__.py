"""GATv2 trained on known edges: features, graphs, training, controls, the paper's protocol."""
