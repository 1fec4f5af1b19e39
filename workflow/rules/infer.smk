# Target infer: expression files of the user -> the network that each method infers from them.
# They are imported and inferred as the data sets of a study are (import.smk, methods.smk).


# Known edges to score a network with: some data sets come with them.
reference = asked(study.inferred_reference, "network")


rule read_reference:
    input:
        expression=single(EXPRESSION),
        reference=lambda wildcards: study.sources[wildcards.network].reference,
        code=study.code("read_reference"),
    output:
        edges=f"{paths.INFERRED}/refNetwork.csv",
        remarks=paths.REFERENCE_REMARKS,
    log:
        "results/logs/read_reference/{network}.log",
    benchmark:
        "results/benchmarks/read_reference/{network}.tsv"
    # Its mistakes show before hours of inference.
    priority: 10
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    message:
        "reference edges of {wildcards.network}"
    script:
        "../../scripts/read_reference.py"


rule read_donors:
    input:
        expression=single(EXPRESSION),
        source=asked(study.donor_source, "network"),
        code=study.code("read_donors"),
    output:
        donors=paths.DONORS,
        remarks=paths.DONOR_REMARKS,
    log:
        "results/logs/read_donors/{network}.log",
    benchmark:
        "results/benchmarks/read_donors/{network}.tsv"
    wildcard_constraints:
        network=only(study.inferred),
    # Their mistakes show before hours of inference.
    priority: 10
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    params:
        donors=asked(study.donors, "network"),
        source=lambda wildcards: study.sources[wildcards.network].entry["expression"],
    message:
        "donors of {wildcards.network}"
    script:
        "../../scripts/read_donors.py"


rule describe_network:
    input:
        ranked=single(f"{paths.METHOD}/rankedEdges.csv"),
        status=single(f"{paths.METHOD}/status.tsv"),
        expression=single(EXPRESSION),
        edges=reference,
        regulators=single(REGULATORS),
        trust=lambda wildcards: study.trust(wildcards.network, [wildcards.method]),
        stability=lambda wildcards: study.stability(wildcards.network, [wildcards.method]),
        donors=lambda wildcards: study.donor_shares(wildcards.network, [wildcards.method]),
        null=lambda wildcards: study.null_edges(wildcards.network, [wildcards.method]),
        evidence=lambda wildcards: study.evidence_files(wildcards.network, 1, wildcards.method),
        code=lambda wildcards: [
            *study.code("describe_network"),
            *study.method_modules(wildcards.method),
        ],
    output:
        hubs=f"{paths.INFERRED}/{{method}}/hubs.tsv",
        edges=f"{paths.INFERRED}/{{method}}/edges.tsv",
        workbook=f"{paths.INFERRED}/{{method}}/edges.xlsx",
        graphml=f"{paths.INFERRED}/{{method}}/network.graphml",
        style=f"{paths.INFERRED}/{{method}}/cytoscape-style.xml",
        figure=f"{paths.INFERRED}/{{method}}/network.png",
        dark=f"{paths.INFERRED}/{{method}}/network-dark.png",
        bars=f"{paths.INFERRED}/{{method}}/hubs.png",
        vector=study.vector_forms(
            f"{paths.INFERRED}/{{method}}/network.png",
            f"{paths.INFERRED}/{{method}}/network-dark.png",
            f"{paths.INFERRED}/{{method}}/hubs.png",
        ),
    log:
        "results/logs/describe_network/{network}/{method}.log",
    benchmark:
        "results/benchmarks/describe_network/{network}/{method}.tsv"
    wildcard_constraints:
        network=only(study.inferred),
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(60),
    params:
        method="{method}",
        edges_per_gene=lookup(within=config, dpath="hubs/edges_per_gene"),
        least=study.least_shares(),
    message:
        "network of {wildcards.network} by {wildcards.method}"
    script:
        "../../scripts/describe_network.py"


rule draw_hub_times:
    input:
        hubs=f"{paths.INFERRED}/{{method}}/hubs.tsv",
        expression=single(EXPRESSION),
        pseudotime=single(PSEUDOTIME),
        code=lambda wildcards: [
            *study.code("draw_hub_times"),
            *study.method_modules(wildcards.method),
        ],
    output:
        figure=paths.INFERRED_TIMES,
        vector=study.vector_forms(paths.INFERRED_TIMES),
    log:
        "results/logs/draw_hub_times/{network}/{method}.log",
    benchmark:
        "results/benchmarks/draw_hub_times/{network}/{method}.tsv"
    wildcard_constraints:
        network=only(study.inferred),
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(20),
    params:
        method="{method}",
    message:
        "hubs of {wildcards.network} by {wildcards.method} along pseudotime"
    script:
        "../../scripts/draw_hub_times.py"


rule score_inferred:
    input:
        ranked=single(f"{paths.METHOD}/rankedEdges.csv"),
        status=single(f"{paths.METHOD}/status.tsv"),
        expression=single(EXPRESSION),
        edges=f"{paths.INFERRED}/refNetwork.csv",
        regulators=single(REGULATORS),
        code=study.code("score_inferred"),
    output:
        metrics=paths.INFERRED_METRICS,
    log:
        "results/logs/score_inferred/{network}/{method}.log",
    benchmark:
        "results/benchmarks/score_inferred/{network}/{method}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(60),
    params:
        seed=lookup(within=config, dpath="seed"),
    message:
        "score {wildcards.method} on {wildcards.network}"
    script:
        "../../scripts/score_inferred.py"


rule infer_null:
    input:
        ranked=single(f"{paths.METHOD}/rankedEdges.csv"),
        status=single(f"{paths.METHOD}/status.tsv"),
        expression=single(EXPRESSION),
        pseudotime=single(PSEUDOTIME),
        regulators=single(REGULATORS),
        evidence=lambda wildcards: study.evidence_files(wildcards.network, 1, wildcards.method),
        edges=reference,
        weights=asked(study.weights, "method"),
        code=lambda wildcards: [
            *study.code("infer_null"),
            *study.method_code(wildcards.method),
        ],
    output:
        null=paths.INFERRED_NULL,
        edges=paths.INFERRED_NULL_EDGES,
    log:
        "results/logs/infer_null/{network}/{method}.log",
    benchmark:
        "results/benchmarks/infer_null/{network}/{method}.tsv"
    wildcard_constraints:
        network=only(study.inferred),
    # The networks themselves come first.
    priority: -10
    conda:
        asked(study.environment, "method")
    threads: 8
    resources:
        mem_mb=memory(1500, per_input=20, per_pair=1.3),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        settings=asked(study.method_settings, "method"),
        edges_per_gene=lookup(within=config, dpath="hubs/edges_per_gene"),
    message:
        "{wildcards.method} on shuffled genes of {wildcards.network}"
    script:
        "../../scripts/infer_null.py"


rule infer_stability:
    input:
        ranked=single(f"{paths.METHOD}/rankedEdges.csv"),
        status=single(f"{paths.METHOD}/status.tsv"),
        expression=single(EXPRESSION),
        pseudotime=single(PSEUDOTIME),
        regulators=single(REGULATORS),
        evidence=lambda wildcards: study.evidence_files(wildcards.network, 1, wildcards.method),
        edges=reference,
        weights=asked(study.weights, "method"),
        code=lambda wildcards: [
            *study.code("infer_stability"),
            *study.method_code(wildcards.method),
        ],
    output:
        stability=paths.INFERRED_STABILITY,
    log:
        "results/logs/infer_stability/{network}/{method}.log",
    benchmark:
        "results/benchmarks/infer_stability/{network}/{method}.tsv"
    wildcard_constraints:
        network=only(study.inferred),
    conda:
        asked(study.environment, "method")
    threads: 8
    resources:
        # Two runs side by side; as many as fit.
        mem_mb=memory(3000, per_input=40, per_pair=2.6),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        settings=asked(study.method_settings, "method"),
        edges_per_gene=lookup(within=config, dpath="hubs/edges_per_gene"),
        runs=asked(study.stability_runs, "network", "method"),
        groups=asked(study.groups_beside, "network"),
    message:
        "{wildcards.method} on random parts of the cells of {wildcards.network}"
    script:
        "../../scripts/infer_stability.py"


rule infer_donors:
    input:
        ranked=single(f"{paths.METHOD}/rankedEdges.csv"),
        status=single(f"{paths.METHOD}/status.tsv"),
        expression=single(EXPRESSION),
        pseudotime=single(PSEUDOTIME),
        regulators=single(REGULATORS),
        evidence=lambda wildcards: study.evidence_files(wildcards.network, 1, wildcards.method),
        edges=reference,
        donors=paths.DONORS,
        weights=asked(study.weights, "method"),
        code=lambda wildcards: [
            *study.code("infer_donors"),
            *study.method_code(wildcards.method),
        ],
    output:
        donors=paths.INFERRED_DONORS,
    log:
        "results/logs/infer_donors/{network}/{method}.log",
    benchmark:
        "results/benchmarks/infer_donors/{network}/{method}.tsv"
    wildcard_constraints:
        network=only(study.inferred),
    conda:
        asked(study.environment, "method")
    threads: 8
    resources:
        # Two runs side by side; as many as fit.
        mem_mb=memory(3000, per_input=40, per_pair=2.6),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        settings=asked(study.method_settings, "method"),
        edges_per_gene=lookup(within=config, dpath="hubs/edges_per_gene"),
    message:
        "{wildcards.method} on the cells of each donor of {wildcards.network}"
    script:
        "../../scripts/infer_donors.py"


rule collect_inferred:
    input:
        status=expand(
            single(f"{paths.METHOD}/status.tsv"),
            method=study.methods,
            allow_missing=True,
        ),
        hubs=study.of_methods("hubs.tsv"),
        edges=reference,
        trust=lambda wildcards: study.trust(wildcards.network, study.methods),
        nulls=asked(study.nulls, "network"),
        null_edges=lambda wildcards: study.null_edges(wildcards.network, study.methods),
        drawn=asked(study.drawn_of_nulls, "network"),
        code=study.code("collect_inferred"),
    output:
        methods=f"{paths.INFERRED}/methods.tsv",
        trust=f"{paths.INFERRED}/trust.tsv",
        null=f"{paths.INFERRED}/null.tsv",
    log:
        "results/logs/collect_inferred/{network}.log",
    benchmark:
        "results/benchmarks/collect_inferred/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    params:
        probabilistic=study.judged_methods,
        null_methods=asked(study.null_methods, "network"),
        stable=asked(study.stable_methods, "network"),
        of_donors=asked(study.donor_methods, "network"),
        pairs=asked(study.pairs, "network"),
        pseudotime=lambda wildcards: bool(study.hub_times(wildcards.network)),
    message:
        "methods on {wildcards.network}"
    script:
        "../../scripts/collect_inferred.py"


rule report_inferred:
    input:
        methods=f"{paths.INFERRED}/methods.tsv",
        trust=f"{paths.INFERRED}/trust.tsv",
        null=f"{paths.INFERRED}/null.tsv",
        expression=single(EXPRESSION),
        pseudotime=single(PSEUDOTIME),
        regulators=single(REGULATORS),
        edges=reference,
        remarks=asked(study.inferred_remarks, "network"),
        graphml=study.of_methods("network.graphml"),
        hubs=study.of_methods("hubs.tsv"),
        figures=study.of_methods("network.png"),
        dark=study.of_methods("network-dark.png"),
        bars=study.of_methods("hubs.png"),
        metrics=asked(study.inferred_metrics, "network"),
        donors=lambda wildcards: study.donor_shares(wildcards.network, study.methods),
        times=asked(study.hub_times, "network"),
        probabilities=expand(
            single(f"{paths.METHOD}/rankedEdges.csv"),
            method=study.probabilistic,
            allow_missing=True,
        ),
        weights=asked(study.weights_of_all),
        method_modules=study.method_modules(*study.methods),
        template=place.bundled("workflow/report/inferred.html.j2"),
        style=place.bundled("workflow/report/page.css"),
        code=study.code("report_inferred"),
    output:
        page=f"{paths.INFERRED}/report.html",
        record=f"{paths.INFERRED}/provenance.json",
        remarks=paths.INFERRED_REMARKS,
    log:
        "results/logs/report_inferred/{network}.log",
    benchmark:
        "results/benchmarks/report_inferred/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(30),
    params:
        name="{network}",
        source=lambda wildcards: dict(study.sources[wildcards.network].entry),
        files=lambda wildcards: study.inferred_from(wildcards.network),
        seed=lookup(within=config, dpath="seed"),
        not_default=lambda wildcards: study.not_default(wildcards.network),
    message:
        "report of {wildcards.network}"
    script:
        "../../scripts/report_inferred.py"


rule export_pairs:
    input:
        ranked=single(f"{paths.METHOD}/rankedEdges.csv"),
        code=study.code("export_pairs"),
    output:
        ranked=paths.INFERRED_PAIRS,
    log:
        "results/logs/export_pairs/{network}/{method}.log",
    benchmark:
        "results/benchmarks/export_pairs/{network}/{method}.tsv"
    wildcard_constraints:
        network=only(study.inferred),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=runtime(10),
    message:
        "all pairs of {wildcards.network} by {wildcards.method}"
    script:
        "../../scripts/export_pairs.py"


rule export_network:
    input:
        expression=single(EXPRESSION),
        ranked=expand(
            single(f"{paths.METHOD}/rankedEdges.csv"),
            method=study.methods,
            allow_missing=True,
        ),
        hubs=study.of_methods("hubs.tsv"),
        code=study.code("export_network"),
    output:
        network=paths.INFERRED_H5AD,
    log:
        "results/logs/export_network/{network}.log",
    benchmark:
        "results/benchmarks/export_network/{network}.tsv"
    wildcard_constraints:
        network=only(study.inferred),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(30),
    params:
        methods=study.methods,
        source=lambda wildcards: dict(study.sources[wildcards.network].entry),
    message:
        "cells and networks of {wildcards.network} as AnnData"
    script:
        "../../scripts/export_network.py"


rule compare_groups:
    input:
        ranked=lambda wildcards: study.of_group_members(
            single(f"{paths.METHOD}/rankedEdges.csv"), **dict(wildcards)
        ),
        status=lambda wildcards: study.of_group_members(
            single(f"{paths.METHOD}/status.tsv"), **dict(wildcards)
        ),
        expression=lambda wildcards: study.of_group_members(single(EXPRESSION), wildcards.grouped),
        pseudotime=lambda wildcards: study.of_group_members(single(PSEUDOTIME), wildcards.grouped),
        regulators=lambda wildcards: study.of_group_members(single(REGULATORS), wildcards.grouped),
        weights=asked(study.weights, "method"),
        code=lambda wildcards: [
            *study.code("compare_groups"),
            *study.method_code(wildcards.method),
        ],
    output:
        edges=f"{paths.COMPARISON}/edges.tsv",
        shared=f"{paths.COMPARISON}/shared.tsv",
        hubs=f"{paths.COMPARISON}/hubs.tsv",
        overlap=f"{paths.COMPARISON}/overlap.tsv",
        activity=f"{paths.COMPARISON}/activity.tsv",
        summary=f"{paths.COMPARISON}/summary.tsv",
    log:
        "results/logs/compare_groups/{grouped}/{method}.log",
    benchmark:
        "results/benchmarks/compare_groups/{grouped}/{method}.tsv"
    wildcard_constraints:
        grouped=only(study.groups),
    conda:
        asked(study.environment, "method")
    threads: 8
    resources:
        # Two runs side by side, of all groups together; as many as fit.
        mem_mb=memory(3000, per_input=40, per_pair=2.6),
        runtime=runtime(240),
    params:
        names=lambda wildcards: list(study.groups[wildcards.grouped]),
        permutations=asked(study.permutations, "grouped"),
        seed=lookup(within=config, dpath="seed"),
        settings=asked(study.method_settings, "method"),
        edges_per_gene=lookup(within=config, dpath="hubs/edges_per_gene"),
    message:
        "groups of {wildcards.grouped} by {wildcards.method}"
    script:
        "../../scripts/compare_groups.py"


rule plot_groups:
    input:
        edges=f"{paths.COMPARISON}/edges.tsv",
        shared=f"{paths.COMPARISON}/shared.tsv",
        hubs=f"{paths.COMPARISON}/hubs.tsv",
        overlap=f"{paths.COMPARISON}/overlap.tsv",
        activity=f"{paths.COMPARISON}/activity.tsv",
        code=lambda wildcards: [
            *study.code("plot_groups"),
            *study.method_modules(wildcards.method),
        ],
    output:
        edges=f"{paths.COMPARISON}/edges.png",
        overlap=f"{paths.COMPARISON}/overlap.png",
        hubs=f"{paths.COMPARISON}/hubs.png",
        activity=f"{paths.COMPARISON}/activity.png",
        vector=study.vector_forms(
            *[
                f"{paths.COMPARISON}/{name}.png"
                for name in ("edges", "overlap", "hubs", "activity")
            ]
        ),
    log:
        "results/logs/plot_groups/{grouped}/{method}.log",
    benchmark:
        "results/benchmarks/plot_groups/{grouped}/{method}.tsv"
    wildcard_constraints:
        grouped=only(study.groups),
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    params:
        names=lambda wildcards: list(study.groups[wildcards.grouped]),
    message:
        "figures of the groups of {wildcards.grouped} by {wildcards.method}"
    script:
        "../../scripts/plot_groups.py"


rule report_groups:
    input:
        summaries=expand(
            f"{paths.COMPARISON}/summary.tsv", method=study.methods, allow_missing=True
        ),
        figures=expand(
            f"{paths.COMPARISON}/{{name}}.png",
            method=study.methods,
            name=("edges", "overlap", "hubs", "activity"),
            allow_missing=True,
        ),
        template=place.bundled("workflow/report/comparison.html.j2"),
        style=place.bundled("workflow/report/page.css"),
        code=study.code("report_groups"),
    output:
        methods=f"{paths.COMPARED}/comparison/methods.tsv",
        page=paths.COMPARISON_PAGE,
    log:
        "results/logs/report_groups/{grouped}.log",
    benchmark:
        "results/benchmarks/report_groups/{grouped}.tsv"
    wildcard_constraints:
        grouped=only(study.groups),
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    params:
        name="{grouped}",
        names=lambda wildcards: list(study.groups[wildcards.grouped]),
        pages=lambda wildcards: study.pages_of_groups(wildcards.grouped),
        by=lambda wildcards: study.grouped_by(wildcards.grouped),
    message:
        "comparison of the groups of {wildcards.grouped}"
    script:
        "../../scripts/report_groups.py"


rule infer:
    input:
        asked(study.inferred_pages),
    localrule: True
