# Scores and hubs of all networks -> the report tables and the overview page.


rule collect_tables:
    input:
        metrics=over_networks(f"{SCORES}/metrics_by_replicate.tsv", protocol=PROTOCOLS),
        hubs=over_networks(f"{HUBS}/hubs.tsv"),
        code=code("collect_tables"),
    output:
        summary=report(
            "results/tables/summary.tsv",
            caption="../report/summary.rst",
            category="2 Tables",
            subcategory="All networks",
            labels={"table": "Metrics: mean, sd, 95 % interval"},
        ),
        comparison=report(
            "results/tables/comparison.tsv",
            caption="../report/comparison.rst",
            category="2 Tables",
            subcategory="All networks",
            labels={"table": "GATv2 against each control"},
        ),
        metrics=report(
            "results/tables/metrics.tsv",
            caption="../report/metrics.rst",
            category="2 Tables",
            subcategory="All networks",
            labels={"table": "Metrics per seed"},
        ),
        hubs=report(
            "results/tables/hubs.tsv",
            caption="../report/hubs.rst",
            category="2 Tables",
            subcategory="All networks",
            labels={"table": "Hub ranks"},
        ),
        by_replicate="results/tables/metrics_by_replicate.tsv",
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
        seed=lookup(within=config, dpath="seed"),
        bootstrap=lookup(within=config, dpath="report/bootstrap"),
    message:
        "collect the tables"
    script:
        "../../scripts/collect_tables.py"


rule write_overview:
    input:
        summary="results/tables/summary.tsv",
        comparison="results/tables/comparison.tsv",
        hubs="results/tables/hubs.tsv",
        networks=over_networks(f"{HUBS}/networks.tsv"),
        template=workflow.source_path("../report/overview.html.j2"),
        code=code("write_overview"),
    output:
        page=report(
            "results/tables/overview.html",
            caption="../report/overview.rst",
            category="1 Overview",
            subcategory="All networks",
            labels={"page": "What came out, in words"},
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
        networks=NETWORKS,
        dropout=lookup(within=config, dpath="dropout"),
        seeds=SEEDS,
        protocols=PROTOCOLS,
        parameters=lookup(within=config, dpath="simulation/parameters"),
    message:
        "write the overview page"
    script:
        "../../scripts/write_overview.py"


rule tables:
    input:
        TABLES,
    localrule: True
