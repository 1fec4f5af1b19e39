"""What every script does around its work: send all output to the rule's log, say errors clearly."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from grn_gat.errors import InputError


@contextmanager
def logged(snakemake) -> Iterator[None]:
    """Send stdout and stderr of the block to the rule's log file, line by line.

    Bad input ends the job with one sentence in the log, anything else with its traceback.
    """
    out, err = sys.stdout, sys.stderr
    with open(snakemake.log[0], "w", buffering=1, encoding="utf-8") as log:
        sys.stdout = sys.stderr = log
        try:
            yield
        except InputError as error:
            print(f"error: {error}", file=log)
            raise SystemExit(1) from None
        except Exception:
            traceback.print_exc(file=log)
            raise SystemExit(1) from None
        finally:
            sys.stdout, sys.stderr = out, err
