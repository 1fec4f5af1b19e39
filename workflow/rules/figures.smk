# Scores, hubs, attention and training curves of one network -> its figures.


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
        seed=lookup(within=config, dpath="seed"),
        dropouts=DROPOUTS,
        protocols=PROTOCOLS,
        seeds=SEEDS,
    message:
        "figures of {wildcards.network}"
    script:
        "../../scripts/plot_figures.py"


rule figures:
    input:
        over_networks(f"{FIGURES}/{{figure}}.png", figure=FIGURE_NAMES),
    localrule: True
