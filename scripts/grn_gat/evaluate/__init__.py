"""What a ranking is worth: splits, controls on labels, metrics, scores of studies, hubs."""
