"""What all rooms stand on: errors, seeds, files, jobs, checkpoints, devices, protocols."""
