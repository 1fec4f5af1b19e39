"""grn_gat: pure functions behind the rules of the grn-gat workflow (no Snakemake import here)."""
