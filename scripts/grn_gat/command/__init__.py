"""The subcommands of `grn-gat`, one module each: `add_arguments(parser)` and `run(arguments)`."""
