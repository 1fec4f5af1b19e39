"""The block `combinations` of a config: methods that are the mean rank of others."""

from collections.abc import Collection, Mapping, Sequence

from grn_gat.core.errors import InputError
from grn_gat.core.row_names import is_taken
from grn_gat.core.spelling import did_you_mean


def check_combinations(
    combinations: Mapping[str, Sequence[str]], members: Sequence[str], methods: Collection[str]
) -> None:
    """Raise InputError where a name is that of another row, or a member is none of the study.

    Args:
        combinations: the block: members by name.
        members: methods and predictions of the study.
        methods: names of all methods that there are.
    """
    for name, of in combinations.items():
        where = f"config: combinations.{name}"
        if name in methods or name in members or is_taken(name):
            raise InputError(f"{where}: {name} is a row of the tables already; choose another name")
        for member in of:
            if member in combinations:
                raise InputError(
                    f"{where}: {member} is a combination itself; name the methods that it is of"
                )
            if member not in members:
                question = did_you_mean(member, members)
                raise InputError(
                    f"{where}: {member} is no method of the study{question}; its methods and "
                    f"predictions: {', '.join(members) or 'none'}"
                )
