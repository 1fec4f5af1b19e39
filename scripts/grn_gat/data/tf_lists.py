"""Transcription factors of human and mouse, which come along as candidate regulators."""

from collections.abc import Sequence

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.core.repository import repository
from grn_gat.data.cell_preparation import AUTO, SPECIES
from grn_gat.data.names import are_ensembl, some
from grn_gat.data.regulators import check_regulators

_FEWEST = 5  # genes of a list that are no chance


def transcription_factors(species: str) -> list[str]:
    """Return the symbols of a species: human or mouse."""
    path = repository() / "workflow/resources/tf_lists" / f"{species}.txt"
    return path.read_text(encoding="utf-8").split()


def factors_among(genes: Sequence[str]) -> tuple[str, list[str]]:
    """Return the species by whose rules most genes are spelled, and its factors among them.

    No factors where they are so few that they may be chance.
    """
    known = set(genes)
    found = {
        species: [name for name in transcription_factors(species) if name in known]
        for species in SPECIES
    }
    species = max(found, key=lambda name: len(found[name]))
    return species, found[species] if len(found[species]) >= _FEWEST else []


def listed_regulators(
    word: str, genes: Sequence[str], where: str, remarks: Remarks
) -> list[str] | None:
    """Return the transcription factors among the genes; None where every gene is a candidate.

    Args:
        word: human, mouse, or auto: the species by whose rules most names are spelled.
        genes: names of all genes of the data.
        where: what messages call the file.
        remarks: takes which list was chosen, and which of its names the data lack.

    Raises:
        InputError: the data have none of the species that is named.
    """
    if word != AUTO:
        named = transcription_factors(word)
        if are_ensembl(genes):
            raise InputError(
                f"{where}: its genes are named by identifiers of Ensembl, the regulators {word} by "
                "symbols: name a column of var that has symbols (option symbols), or give "
                "regulators as a file of identifiers"
            )
        spelled, others = factors_among(genes)
        if others and spelled != word and not set(named) & set(genes):
            raise InputError(
                f"{where}: its genes are spelled as those of {spelled} ({some(others)}), and none "
                f"as a transcription factor of {word}: expected regulators {spelled}"
            )
        there = set(genes)
        # That most of a list of a species are not in a file is nothing to tell.
        return [name for name in named if name in there] or check_regulators(
            named, genes, f"regulators {word}", None, remarks
        )
    species, found = factors_among(genes)
    if not found:
        why = (
            "identifiers of Ensembl: option symbols names a column of var that has symbols"
            if are_ensembl(genes)
            else f"{some(genes)}: option regulators takes a file"
        )
        remarks.doubtful(
            where,
            [
                "the genes are named like no transcription factors of human or mouse, so that "
                f"every gene is a candidate regulator; they are named by {why}"
            ],
        )
        return None
    remarks.guessed(
        where,
        f"genes are spelled as those of {species}: the {len(found)} of its transcription "
        "factors that are there are the candidate regulators (option regulators names others)",
    )
    return found
