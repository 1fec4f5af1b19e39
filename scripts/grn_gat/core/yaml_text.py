"""YAML that a user wrote: no code, no key twice, and one sentence on what is wrong with it."""

from typing import Any

import yaml

from grn_gat.core.errors import InputError, excerpt


class _Loader(yaml.SafeLoader):
    """Refuses a key that is there twice, of which YAML would keep the last without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping of a node, as the base class does."""
        names = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in names:
                problem = f"the key {excerpt(key.value)} is there twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            names.add(key.value)
        return super().construct_mapping(node, deep)


def load_yaml(text: str, where: object) -> Any:
    """Return what a text of YAML says, None of an empty one.

    Raises InputError, whose sentence begins with `where`, the file.
    """
    try:
        return _Loader(text).get_single_data()
    except RecursionError:
        raise InputError(f"{where}: lists or mappings are nested too deeply.") from None
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError) as error:
        # The others are PyYAML's own, for dates and numbers that are none.
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "see the YAML rules"
        raise InputError(f"{where}{line}: this is not valid YAML ({excerpt(problem)}).") from None
