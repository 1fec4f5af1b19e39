"""Draw one chunk of data sets to train on."""

from grn_gat.core.job import logged
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.training_views import draw_views
from grn_gat.simulate.view_chunks import save_views


def main(snakemake) -> None:
    """Write the chunk; say what was drawn."""
    params, kind, chunk = snakemake.params, snakemake.wildcards.kind, int(snakemake.wildcards.chunk)
    excluded = Excluded(map(read_model, snakemake.input.excluded))
    views = draw_views(params.pretraining, kind, ("views", kind, chunk), excluded, params.number)
    genes, cells = (sum(view.values.shape[axis] for view in views) for axis in (0, 1))
    edges = sum(int((view.signs != 0).sum()) for view in views)
    print(f"{len(views)} data sets: {genes} genes, {cells} cells and {edges} edges in all")
    save_views(snakemake.output.views, views)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
