"""One study as its config describes it: axes, files, jobs. Read when Snakemake parses."""
