# Existing data (BEELINE folder or AnnData) -> the same layout as simulated data; BEELINE's release.


rule import_expression:
    input:
        asked(study.source_files, "network", "replicate"),
        code=study.code("import_expression"),
    output:
        expression=clean(EXPRESSION),
        pseudotime=clean(PSEUDOTIME),
        edges=clean(EDGES),
        regulators=clean(REGULATORS),
        remarks=clean(paths.REMARKS),
    log:
        "results/logs/import_expression/{network}/rep-{replicate}.log",
    benchmark:
        "results/benchmarks/import_expression/{network}/rep-{replicate}.tsv"
    wildcard_constraints:
        network=only(study.imported),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    params:
        entry=asked(study.source_entry, "network", "replicate"),
    message:
        "read {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/import_expression.py"


rule import_reference:
    input:
        edges=asked(study.reference_edges, "network", "replicate"),
        regulators=asked(study.reference_regulators, "network", "replicate"),
        expression=of_network(clean(EXPRESSION)),
        candidates=lambda wildcards: single(REGULATORS).replace(
            "{network}", study.data_set(wildcards.network)
        ),
        code=study.code("import_reference"),
    output:
        edges=clean(EDGES),
        regulators=clean(REGULATORS),
        remarks=clean(paths.REMARKS),
    log:
        "results/logs/import_reference/{network}/rep-{replicate}.log",
    benchmark:
        "results/benchmarks/import_reference/{network}/rep-{replicate}.tsv"
    wildcard_constraints:
        network=only(study.referenced),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    params:
        measured=asked(study.measured, "network"),
    message:
        "reference {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/import_reference.py"


rule import_evidence:
    input:
        source=asked(study.evidence_sources, "network", "replicate", "evidence"),
        expression=clean(EXPRESSION),
        code=study.code("import_evidence"),
    output:
        table=paths.EVIDENCE,
        remarks=paths.EVIDENCE_REMARKS,
    log:
        "results/logs/import_evidence/{network}/rep-{replicate}/{evidence}.log",
    benchmark:
        "results/benchmarks/import_evidence/{network}/rep-{replicate}/{evidence}.tsv"
    wildcard_constraints:
        network=only(study.imported),
        evidence=only(study.kinds_of_evidence),
    # Its mistakes show before hours of inference.
    priority: 10
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    params:
        entry=asked(study.evidence_entry, "network", "replicate", "evidence"),
    message:
        "{wildcards.evidence} of {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/import_evidence.py"


rule download_beeline:
    input:
        code=study.code("download_beeline"),
    output:
        archive="resources/BEELINE-data.zip",
    log:
        "results/logs/download_beeline.log",
    benchmark:
        "results/benchmarks/download_beeline.tsv"
    retries: 2
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=runtime(120),
    params:
        url=lookup(within=config, dpath="beeline_release/url"),
    message:
        "download BEELINE's data release"
    script:
        "../../scripts/download_beeline.py"


rule extract_beeline:
    input:
        archive="resources/BEELINE-data.zip",
        checksums=place.own_or_bundled(config["beeline_release"]["checksums"]),
        code=study.code("extract_beeline"),
    output:
        table=f"{paths.RELEASE}/verified.tsv",
    log:
        "results/logs/extract_beeline.log",
    benchmark:
        "results/benchmarks/extract_beeline.tsv"
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, per_input=0),
        runtime=runtime(60),
    message:
        "unpack BEELINE's data release and verify every file"
    script:
        "../../scripts/extract_beeline.py"


# Folders of the config's block `preparation`. The expression is the last file that is written: a
# folder with it and without the counts is one of the user, which nothing is made in.
rule prepare_scrna:
    input:
        release=f"{paths.RELEASE}/verified.tsv",
        tfs=lambda wildcards: study.prepared[wildcards.folder]["tfs"],
        code=study.code("prepare_scrna"),
    output:
        **paths.PREPARED,
    log:
        "results/logs/prepare_scrna/{folder}.log",
    benchmark:
        "results/benchmarks/prepare_scrna/{folder}.tsv"
    wildcard_constraints:
        folder=only(list(study.prepared)),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    params:
        set=lambda wildcards: study.prepared[wildcards.folder]["set"],
        varying_genes=lambda wildcards: study.prepared[wildcards.folder]["varying_genes"],
    message:
        "prepare {wildcards.folder} of BEELINE's release"
    script:
        "../../scripts/prepare_scrna.py"


rule restrict_reference:
    input:
        expression=paths.PREPARED["expression"],
        tfs=paths.PREPARED["tfs"],
        edges=asked(study.prepared_from, "folder", "reference"),
        code=study.code("restrict_reference"),
    output:
        **paths.PREPARED_REFERENCE,
    log:
        "results/logs/restrict_reference/{folder}/{reference}.log",
    benchmark:
        "results/benchmarks/restrict_reference/{folder}/{reference}.tsv"
    wildcard_constraints:
        folder=only(list(study.prepared)),
        reference=r"[A-Za-z0-9][A-Za-z0-9_-]*",
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    message:
        "reference {wildcards.reference} of {wildcards.folder}"
    script:
        "../../scripts/restrict_reference.py"


rule beeline_release:
    input:
        f"{paths.RELEASE}/verified.tsv",
    localrule: True
