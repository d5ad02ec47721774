"""Numbers in the book's texts: where they stand, and whether they are computed.

`places(path)` are the texts of a chapter or page that may say a number, and
`amiss(name, section, texts)` what they do not share with the register,
`book/numbers.yml`.
`mutants(path, seed)` changes every number, one at a time, and `noticed(mutant)` tells
whether the rule sees it: see `tools.prose.mutants`.
"""

from tools.prose.mutants import Mutant, mutants, noticed
from tools.prose.places import Place, places
from tools.prose.rule import amiss

__all__ = ["Mutant", "Place", "amiss", "mutants", "noticed", "places"]
