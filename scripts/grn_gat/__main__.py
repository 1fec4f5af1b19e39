"""`python -m grn_gat` is the command `grn-gat`."""

import sys

from grn_gat.cli import main

if __name__ == "__main__":
    sys.exit(main())
