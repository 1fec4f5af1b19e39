# Scores, hubs, attention and training curves -> figures of a network, and of all networks.


rule plot_expression:
    input:
        expression=expand(EXPRESSION, replicate=1, dropout=study.dropouts, allow_missing=True),
        pseudotime=clean(PSEUDOTIME).replace("{replicate}", "1"),
        code=study.code("plot_expression"),
    output:
        figure=report(
            f"{paths.FIGURES}/expression.png",
            caption="../report/figure_expression.rst",
            category=CHAPTERS["data"],
            subcategory="{network}",
            labels={"item": "Figure: expression of one replicate"},
        ),
        vector=study.vector_forms(f"{paths.FIGURES}/expression.png"),
    log:
        "results/logs/plot_expression/{network}.log",
    benchmark:
        "results/benchmarks/plot_expression/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(30),
    params:
        dropouts=study.dropouts,
    message:
        "expression of {wildcards.network}"
    script:
        "../../scripts/plot_expression.py"


rule plot_paper_protocol:
    input:
        summary="results/tables/summary.tsv",
        code=study.code("plot_paper_protocol"),
    output:
        figure=report(
            f"{paths.FIGURES}/paper_protocol.png",
            caption="../report/figure_paper_protocol.rst",
            category=CHAPTERS["paper"],
            subcategory="{network}",
            labels={"item": "Figure: the scoring of the paper beside the true labels"},
        ),
        vector=study.vector_forms(f"{paths.FIGURES}/paper_protocol.png"),
    log:
        "results/logs/plot_paper_protocol/{network}.log",
    benchmark:
        "results/benchmarks/plot_paper_protocol/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    message:
        "paper's protocol on {wildcards.network}"
    script:
        "../../scripts/plot_paper_protocol.py"


rule plot_method_summary:
    input:
        summary="results/tables/summary.tsv",
        stability="results/tables/stability.tsv",
        usage="results/tables/usage.tsv",
        failures="results/tables/failures.tsv",
        code=study.code("plot_method_summary"),
    output:
        figure=report(
            paths.METHOD_SUMMARY,
            caption="../report/figure_method_summary.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels=at_level("Figure: methods x networks"),
        ),
        vector=study.vector_forms(paths.METHOD_SUMMARY),
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
    params:
        data_sets={name: study.data_set(name) for name in study.networks},
        selection=study.selection,
    message:
        "methods and networks, dropout {wildcards.dropout} %"
    script:
        "../../scripts/plot_method_summary.py"


rule plot_focus:
    input:
        comparison="results/tables/comparison.tsv",
        code=study.code("plot_focus"),
    output:
        figure=report(
            paths.FOCUS_FIGURE,
            caption="../report/figure_focus.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels=at_level(f"Figure: {study.focus} against every other"),
        ),
        vector=study.vector_forms(paths.FOCUS_FIGURE),
    log:
        "results/logs/plot_focus/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/plot_focus/drop-{dropout}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        focus=study.focus,
        selection=study.selection,
    message:
        "the method in focus, dropout {wildcards.dropout} %"
    script:
        "../../scripts/plot_focus.py"


rule plot_kinds:
    input:
        kinds="results/tables/kinds.tsv",
        code=study.code("plot_kinds"),
    output:
        figure=report(
            paths.KINDS_FIGURE,
            caption="../report/figure_kinds.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels=at_level("Figure: methods on every kind of data"),
        ),
        vector=study.vector_forms(paths.KINDS_FIGURE),
    log:
        "results/logs/plot_kinds/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/plot_kinds/drop-{dropout}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        selection=study.selection,
    message:
        "methods on every kind of data, dropout {wildcards.dropout} %"
    script:
        "../../scripts/plot_kinds.py"


rule plot_beeline:
    input:
        metrics="results/tables/metrics_by_replicate.tsv",
        beeline=place.bundled("workflow/resources/beeline_values.tsv"),
        code=study.code("plot_beeline"),
    output:
        figure=report(
            paths.BEELINE_FIGURE,
            caption="../report/figure_beeline.rst",
            category=CHAPTERS["methods"],
            subcategory="All networks",
            labels={"item": "Figure: beside BEELINE's published values"},
        ),
        vector=study.vector_forms(paths.BEELINE_FIGURE),
    log:
        "results/logs/plot_beeline.log",
    benchmark:
        "results/benchmarks/plot_beeline.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        networks=study.beeline_networks,
        selection=study.selection,
    message:
        "medians beside published ones"
    script:
        "../../scripts/plot_beeline.py"


rule plot_method_curves:
    input:
        curves="results/scores/{network}/unsupervised/curves.tsv",
        summary="results/tables/summary.tsv",
        code=study.code("plot_method_curves"),
    output:
        figure=report(
            f"{paths.FIGURES}/methods.png",
            caption="../report/figure_method_curves.rst",
            category=CHAPTERS["methods"],
            subcategory="{network}",
            labels={"item": "Figure: PR curves of all methods"},
        ),
        vector=study.vector_forms(f"{paths.FIGURES}/methods.png"),
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
    params:
        selection=study.selection,
    message:
        "PR curves of the methods on {wildcards.network}"
    script:
        "../../scripts/plot_method_curves.py"


rule plot_figures:
    input:
        curves=expand(f"{paths.SCORES}/curves.tsv", protocol=study.protocols, allow_missing=True),
        summary="results/tables/summary.tsv",
        hubs=f"{paths.HUBS}/hubs.tsv",
        attention=f"{paths.HUBS}/attention.tsv",
        edges=single(EDGES),
        expression=of_network(single(EXPRESSION)),
        training=expand(
            f"{paths.TRAINING}/curve.tsv",
            dropout=study.dropouts,
            protocol=study.protocols,
            seed=study.seeds,
            allow_missing=True,
        ),
        code=study.code("plot_figures"),
    output:
        metrics=report(
            f"{paths.FIGURES}/metrics.png",
            caption="../report/figure_metrics.rst",
            category=CHAPTERS["honest"],
            subcategory="{network}",
            labels={"item": "Figure: metrics by dropout level"},
        ),
        curves=report(
            f"{paths.FIGURES}/curves.png",
            caption="../report/figure_curves.rst",
            category=CHAPTERS["honest"],
            subcategory="{network}",
            labels={"item": "Figure: PR and ROC curves"},
        ),
        hubs=report(
            f"{paths.FIGURES}/hubs.png",
            caption="../report/figure_hubs.rst",
            category=CHAPTERS["hubs"],
            subcategory="{network}",
            labels={"item": "Figure: hub ranks"},
        ),
        network=report(
            f"{paths.FIGURES}/network.png",
            caption="../report/figure_network.rst",
            category=CHAPTERS["hubs"],
            subcategory="{network}",
            labels={"item": "Figure: reference network with attention"},
        ),
        training=report(
            f"{paths.FIGURES}/training.png",
            caption="../report/figure_training.rst",
            category=CHAPTERS["honest"],
            subcategory="{network}",
            labels={"item": "Figure: training and validation loss"},
        ),
        vector=study.vector_forms(
            *[
                f"{paths.FIGURES}/{name}.png"
                for name in ("metrics", "curves", "hubs", "network", "training")
            ]
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
        dropouts=study.dropouts,
        protocols=study.protocols,
        seeds=study.seeds,
    message:
        "figures of {wildcards.network}"
    script:
        "../../scripts/plot_figures.py"


rule figures:
    input:
        study.figure_files(),
    localrule: True
