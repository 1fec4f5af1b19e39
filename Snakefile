# Entry point of the workflow: `snakemake --cores N` from this folder. Everything is in workflow/.
include: "workflow/Snakefile"


rule all:
    default_target: True
    input:
        study.targets(),
    localrule: True
