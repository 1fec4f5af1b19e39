# Scores, hubs, attention and training curves -> figures of a network, and of all networks.


rule plot_method_summary:
    input:
        summary="results/tables/summary.tsv",
        stability="results/tables/stability.tsv",
        usage="results/tables/usage.tsv",
        failures="results/tables/failures.tsv",
        code=code("plot_method_summary"),
    output:
        figure=report(
            METHOD_SUMMARY,
            caption="../report/figure_method_summary.rst",
            category="3 Figures",
            subcategory="All networks",
            labels={"figure": "Methods x networks, dropout {dropout} %"},
        ),
    log:
        "results/logs/plot_method_summary/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/plot_method_summary/drop-{dropout}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    message:
        "methods and networks, dropout {wildcards.dropout} %"
    script:
        "../../scripts/plot_method_summary.py"


rule plot_published:
    input:
        metrics="results/tables/metrics_by_replicate.tsv",
        published=workflow.source_path("../resources/beeline_published.tsv"),
        code=code("plot_published"),
    output:
        figure=report(
            PUBLISHED,
            caption="../report/figure_published.rst",
            category="3 Figures",
            subcategory="All networks",
            labels={"figure": "Beside BEELINE's published values"},
        ),
    log:
        "results/logs/plot_published.log",
    benchmark:
        "results/benchmarks/plot_published.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        networks=PUBLISHED_NETWORKS,
    message:
        "medians beside published ones"
    script:
        "../../scripts/plot_published.py"


rule plot_method_curves:
    input:
        curves="results/scores/{network}/unsupervised/curves.tsv",
        summary="results/tables/summary.tsv",
        code=code("plot_method_curves"),
    output:
        figure=report(
            f"{FIGURES}/methods.png",
            caption="../report/figure_method_curves.rst",
            category="3 Figures",
            subcategory="{network}",
            labels={"figure": "PR curves of all methods"},
        ),
    log:
        "results/logs/plot_method_curves/{network}.log",
    benchmark:
        "results/benchmarks/plot_method_curves/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    message:
        "PR curves of the methods on {wildcards.network}"
    script:
        "../../scripts/plot_method_curves.py"


rule plot_figures:
    input:
        curves=expand(f"{SCORES}/curves.tsv", protocol=PROTOCOLS, allow_missing=True),
        summary="results/tables/summary.tsv",
        hubs=f"{HUBS}/hubs.tsv",
        attention=f"{HUBS}/attention.tsv",
        edges=lambda wildcards: expand(clean(EDGES), network=wildcards.network, replicate=1),
        expression=lambda wildcards: expand(
            clean(EXPRESSION), network=wildcards.network, replicate=1
        ),
        training=expand(
            f"{TRAINING}/curve.tsv",
            dropout=DROPOUTS,
            protocol=PROTOCOLS,
            seed=SEEDS,
            allow_missing=True,
        ),
        code=code("plot_figures"),
    output:
        metrics=report(
            f"{FIGURES}/metrics.png",
            caption="../report/figure_metrics.rst",
            category="3 Figures",
            subcategory="{network}",
            labels={"figure": "Metrics by dropout level"},
        ),
        curves=report(
            f"{FIGURES}/curves.png",
            caption="../report/figure_curves.rst",
            category="3 Figures",
            subcategory="{network}",
            labels={"figure": "PR and ROC curves"},
        ),
        hubs=report(
            f"{FIGURES}/hubs.png",
            caption="../report/figure_hubs.rst",
            category="3 Figures",
            subcategory="{network}",
            labels={"figure": "Hub ranks"},
        ),
        network=report(
            f"{FIGURES}/network.png",
            caption="../report/figure_network.rst",
            category="3 Figures",
            subcategory="{network}",
            labels={"figure": "Network with attention"},
        ),
        training=report(
            f"{FIGURES}/training.png",
            caption="../report/figure_training.rst",
            category="3 Figures",
            subcategory="{network}",
            labels={"figure": "Training curves"},
        ),
    log:
        "results/logs/plot_figures/{network}.log",
    benchmark:
        "results/benchmarks/plot_figures/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        dropouts=DROPOUTS,
        protocols=PROTOCOLS,
        seeds=SEEDS,
    message:
        "figures of {wildcards.network}"
    script:
        "../../scripts/plot_figures.py"


rule figures:
    input:
        figures(),
    localrule: True
