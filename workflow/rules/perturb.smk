# Boolean model -> cells in which genes are perturbed -> what that does: shifts, fates, consequences.


rule perturb_expression:
    input:
        rules=asked(study.boolean_rules, "network"),
        description=asked(study.model_description, "network"),
        code=study.code("perturb_expression"),
    output:
        cells=paths.PERTURBED,
    log:
        "results/logs/perturb_expression/{network}/rep-{replicate}.log",
    benchmark:
        "results/benchmarks/perturb_expression/{network}/rep-{replicate}.tsv"
    wildcard_constraints:
        network=only(study.perturbed),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(60),
    params:
        seed=lookup(within=config, dpath="seed"),
        simulation=lookup(within=config, dpath="simulation"),
        settings=lookup(within=config, dpath="perturb"),
        together=asked(study.together, "network"),
    message:
        "perturb the genes of {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/perturb_expression.py"


rule score_perturbations:
    input:
        rules=asked(study.boolean_rules, "network"),
        description=asked(study.model_description, "network"),
        cells=over_replicates(paths.PERTURBED),
        code=study.code("score_perturbations"),
    output:
        perturbations=report(
            f"{paths.PERTURBATIONS}/perturbations.tsv",
            caption="../report/perturbations.rst",
            category=CHAPTERS["perturbations"],
            subcategory="{network}",
            labels={"item": "Table: shift of every gene"},
        ),
        fates=report(
            f"{paths.PERTURBATIONS}/fates.tsv",
            caption="../report/fates.rst",
            category=CHAPTERS["perturbations"],
            subcategory="{network}",
            labels={"item": "Table: fates of the cells"},
        ),
        consequences=report(
            f"{paths.PERTURBATIONS}/consequences.tsv",
            caption="../report/consequences.rst",
            category=CHAPTERS["perturbations"],
            subcategory="{network}",
            labels={"item": "Table: consequence of every perturbation"},
        ),
    log:
        "results/logs/score_perturbations/{network}.log",
    benchmark:
        "results/benchmarks/score_perturbations/{network}.tsv"
    wildcard_constraints:
        network=only(study.perturbed),
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(30),
    params:
        seed=lookup(within=config, dpath="seed"),
        settings=lookup(within=config, dpath="perturb"),
        together=asked(study.together, "network"),
    message:
        "what perturbations do to {wildcards.network}"
    script:
        "../../scripts/score_perturbations.py"


rule plot_perturbations:
    input:
        perturbations=f"{paths.PERTURBATIONS}/perturbations.tsv",
        fates=f"{paths.PERTURBATIONS}/fates.tsv",
        consequences=f"{paths.PERTURBATIONS}/consequences.tsv",
        code=study.code("plot_perturbations"),
    output:
        perturbations=report(
            f"{paths.FIGURES}/perturbations.png",
            caption="../report/figure_perturbations.rst",
            category=CHAPTERS["perturbations"],
            subcategory="{network}",
            labels={"item": "Figure: shift of every gene"},
        ),
        fates=report(
            f"{paths.FIGURES}/fates.png",
            caption="../report/figure_fates.rst",
            category=CHAPTERS["perturbations"],
            subcategory="{network}",
            labels={"item": "Figure: fates of the cells"},
        ),
        vector=study.vector_forms(
            *[f"{paths.FIGURES}/{name}.png" for name in ("perturbations", "fates")]
        ),
    log:
        "results/logs/plot_perturbations/{network}.log",
    benchmark:
        "results/benchmarks/plot_perturbations/{network}.tsv"
    wildcard_constraints:
        network=only(study.perturbed),
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    message:
        "figures of perturbations of {wildcards.network}"
    script:
        "../../scripts/plot_perturbations.py"


rule perturbations:
    input:
        study.perturbation_tables(),
    localrule: True
