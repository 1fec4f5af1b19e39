"""GATv2 pretrained on simulated networks: statistics, network, ensemble, training, validation."""
