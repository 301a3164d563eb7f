"""Names that come from the reference data, said in the language of the reader.

Criteria and chains of treatment are begun with the usual names and stored as text, so that people may change them.
Where nobody did, the name is the reference's still, and is said in the reader's language; what a person wrote stays.
"""

from functools import cache

from sachhon.reference.catalogue import technology_criteria
from sachhon.reference.treatment import treatment_chains


def spoken(text: str, lang: str) -> str:
    """The text in `lang` ("vi", "en") where it is a name or unit of the reference; else as it was written."""
    both = _known().get(text)
    return text if both is None else both[lang == "en"]


@cache
def _known() -> dict[str, tuple[str, str]]:
    chains = [f for medium in ("wastewater", "air") for f in treatment_chains(medium)]
    pairs = [(f.name_vi, f.name_en) for f in (*technology_criteria(), *chains)]
    pairs += [(f.extra["unit_vi"], f.extra["unit_en"]) for f in technology_criteria()]
    return {text: pair for pair in pairs for text in pair if text}
