from grn_gat.api import Network as Network
from grn_gat.api import infer as infer
from grn_gat.api import methods as methods

__version__: str
