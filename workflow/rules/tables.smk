# Scores and hubs of all networks -> the report tables and the overview page.


rule collect_tables:
    input:
        metrics=study.over_scores("metrics_by_replicate.tsv"),
        regulators=study.over_scores("regulators.tsv"),
        stability=study.over_scores("stability.tsv"),
        failures=study.over_networks(paths.FAILURES) if study.scored_methods else [],
        splits=study.over_trained(paths.SPLIT_STATUS, protocol=study.protocols, seed=study.seeds),
        code=study.code("collect_tables"),
    output:
        summary=report(
            "results/tables/summary.tsv",
            caption="../report/summary.rst",
            category=CHAPTERS["numbers"],
            subcategory="All networks",
            labels={"item": "Table: every metric, mean and 95 % interval"},
        ),
        metrics=report(
            "results/tables/metrics.tsv",
            caption="../report/metrics.rst",
            category=CHAPTERS["numbers"],
            subcategory="All networks",
            labels={"item": "Table: every metric, per seed"},
        ),
        stability=report(
            "results/tables/stability.tsv",
            caption="../report/stability.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels={"item": "Table: agreement of the replicates"},
        ),
        comparison=report(
            "results/tables/comparison.tsv",
            caption="../report/comparison.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels={"item": f"Table: {study.focus or 'GATv2'} against controls and methods"},
        ),
        leaders=report(
            "results/tables/leaders.tsv",
            caption="../report/leaders.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels={"item": "Table: the best method against each other one"},
        ),
        failures=report(
            "results/tables/failures.tsv",
            caption="../report/failures.rst",
            category=CHAPTERS["run"],
            subcategory="All networks",
            labels={"item": "Table: methods and protocols that failed, and why"},
        ),
        by_replicate="results/tables/metrics_by_replicate.tsv",
        by_regulators="results/tables/metrics_by_regulators.tsv",
    log:
        "results/logs/collect_tables.log",
    benchmark:
        "results/benchmarks/collect_tables.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        focus=study.focus,
    message:
        "collect the tables"
    script:
        "../../scripts/collect_tables.py"


rule collect_kinds:
    input:
        summary="results/tables/summary.tsv",
        code=study.code("collect_kinds"),
    output:
        kinds=report(
            "results/tables/kinds.tsv",
            caption="../report/kinds.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels={"item": "Table: methods on every kind of data"},
        ),
    log:
        "results/logs/collect_kinds.log",
    benchmark:
        "results/benchmarks/collect_kinds.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    params:
        kinds=study.kinds,
    message:
        "methods on every kind of data"
    script:
        "../../scripts/collect_kinds.py"


rule collect_hubs:
    input:
        hubs=study.over_trained(f"{paths.HUBS}/hubs.tsv"),
        code=study.code("collect_hubs"),
    output:
        hubs=report(
            "results/tables/hubs.tsv",
            caption="../report/hubs.rst",
            category=CHAPTERS["hubs"],
            subcategory="All networks",
            labels={"item": "Table: hub measures and ranks"},
        ),
    log:
        "results/logs/collect_hubs.log",
    benchmark:
        "results/benchmarks/collect_hubs.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    message:
        "collect the hubs"
    script:
        "../../scripts/collect_hubs.py"


rule collect_methods:
    input:
        metrics="results/tables/metrics_by_replicate.tsv",
        usage=[study.method_files(n, "usage.tsv", study.methods) for n in study.data_sets],
        beeline=place.bundled("workflow/resources/beeline_values.tsv"),
        code=study.code("collect_methods"),
    output:
        usage=report(
            "results/tables/usage.tsv",
            caption="../report/usage.rst",
            category=CHAPTERS["run"],
            subcategory="All networks",
            labels={"item": "Table: CPU time and memory of the methods"},
        ),
        time=report(
            "results/tables/time.tsv",
            caption="../report/time.rst",
            category=CHAPTERS["run"],
            subcategory="All networks",
            labels={"item": "Table: wall time by rule and method"},
        ),
        beeline=report(
            "results/tables/beeline.tsv",
            caption="../report/beeline.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels={"item": "Table: medians beside published ones"},
        ),
    log:
        "results/logs/collect_methods.log",
    benchmark:
        "results/benchmarks/collect_methods.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        networks=study.beeline_networks,
        jobs=inference_jobs(study),
        all_jobs=timed_jobs(study),
    message:
        "compare the methods with published values; their time and memory"
    script:
        "../../scripts/collect_methods.py"


rule collect_remarks:
    input:
        remarks=study.remarks(),
        code=study.code("collect_remarks"),
    output:
        table=report(
            paths.ALL_REMARKS,
            caption="../report/remarks.rst",
            category=CHAPTERS["data"],
            subcategory="All networks",
            labels={"item": "Table: remarks on the files that were read"},
        ),
    log:
        "results/logs/collect_remarks.log",
    benchmark:
        "results/benchmarks/collect_remarks.tsv"
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=runtime(10),
    message:
        "remarks on the files that were read"
    script:
        "../../scripts/collect_remarks.py"


rule write_overview:
    input:
        remarks=study.remark_table(),
        tables=expand(paths.TABLE, table=study.table_names),
        networks=study.over_trained(f"{paths.HUBS}/networks.tsv"),
        edges=study.over_networks(single(EDGES)),
        regulators=study.over_networks(single(REGULATORS)),
        trust=[
            file
            for name, method in study.judged()
            for file in paths.fill(single(paths.TRUST), network=name, method=method)
        ],
        splits=study.over_trained(paths.SPLIT_STATUS, protocol=study.protocols, seed=study.seeds),
        figures=study.overview_figures(),
        template=place.bundled("workflow/report/overview.html.j2"),
        introduction=place.bundled("workflow/report/workflow.rst"),
        code=study.code("write_overview"),
    output:
        page=report(
            "results/tables/overview.html",
            caption="../report/overview.rst",
            category=CHAPTERS["overview"],
            subcategory="All networks",
            labels={"item": "The whole story, in words and tables"},
        ),
        landing=paths.LANDING,
        versions=report(
            "results/tables/versions.tsv",
            caption="../report/versions.rst",
            category=CHAPTERS["numbers"],
            subcategory="All networks",
            labels={"item": "Table: versions"},
        ),
    log:
        "results/logs/write_overview.log",
    benchmark:
        "results/benchmarks/write_overview.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        judged=study.judged(),
        chapter=CHAPTERS["overview"],
        networks=study.network_entries(),
        dropout=lookup(within=config, dpath="dropout"),
        seeds=study.seeds,
        protocols=study.protocols,
        methods=study.scored_methods,
        predictions=study.predicted,
        combinations={name: study.members(name) for name in study.combined},
        focus=study.focus,
        method_settings=lookup(within=config, dpath="method_settings"),
        parameters=lookup(within=config, dpath="simulation/parameters"),
    message:
        "write the overview page"
    script:
        "../../scripts/write_overview.py"


# On the machine where Snakemake runs, whose environment has the command that the user gave.
rule write_provenance:
    input:
        tables=study.tables(),
        files=list(study.all_made_from().values()),
        weights=asked(study.weights_of_study),
        code=study.code("write_provenance"),
    output:
        record=report(
            paths.PROVENANCE,
            caption="../report/provenance.rst",
            category=CHAPTERS["run"],
            subcategory="All networks",
            labels={"item": "What the tables were made from"},
        ),
    log:
        "results/logs/write_provenance.log",
    benchmark:
        "results/benchmarks/write_provenance.tsv"
    localrule: True
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    params:
        files=list(study.all_made_from()),
        seed=lookup(within=config, dpath="seed"),
        seeds=study.seeds if study.protocols else [],
        not_default=study.not_default(),
    message:
        "what the tables were made from"
    script:
        "../../scripts/write_provenance.py"


rule tables:
    input:
        study.tables_with_provenance(),
    localrule: True
