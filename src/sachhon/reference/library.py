"""What the library is made of: trades, questions, options, benchmarks, each with its words in both languages.

`version` is 0 for what comes straight from a data file (`knowledge`); the site keeps edited versions of its own
and gives the same classes with their number. Shares of a resource are fractions (0.02 is 2 %), as
`science.screening` takes them; everything else is as in the file.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .families import covers
from .text import fold


@dataclass(frozen=True)
class Named:
    """A code with its name in both languages."""

    code: str
    name_vi: str
    name_en: str

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi


@dataclass(frozen=True)
class System(Named):
    """What options and benchmarks are filed under: a process of a trade, or a utility that many have.

    registry_trades, vsic : whose it is, where a trade of the library holds several (a tea factory has no dairy); none
    where every factory of the trade may have it.
    """

    kind: str
    registry_trades: tuple[str, ...] = ()
    vsic: tuple[str, ...] = ()

    def serves(self, registry_trade: str, vsic: str) -> bool:
        """Say whether a facility of that trade of the registry and VSIC class, where known, has this system."""
        if self.vsic and vsic:
            return vsic in self.vsic
        return not self.registry_trades or registry_trade in self.registry_trades


@dataclass(frozen=True)
class LibraryTrade(Named):
    """A trade of the library: which trades of the registry it serves and which systems matter to it."""

    registry_trades: tuple[str, ...]
    vsic: tuple[str, ...]
    systems: tuple[str, ...]
    utilities: tuple[str, ...]

    def has(self, system: str) -> bool:
        """Say whether factories of the trade have that system; "" is what every factory has."""
        return not system or system in self.systems or system in self.utilities


@dataclass(frozen=True)
class Question:
    """A good practice asked about on site; yes is good.

    resource : electricity, fuel, water, raw_material, material, waste, or "all" (management: counts for each
    resource). needs : a system ("steam") without which there is nothing to ask about; empty where all have it.
    sizes : the size classes it is meant for, empty for all. options : codes it points to when the answer is no.
    """

    code: str
    checklist: str
    section: str
    section_vi: str
    section_en: str
    text_vi: str
    text_en: str
    no_vi: str
    no_en: str
    help_vi: str
    help_en: str
    weight: float
    resource: str
    group: str
    options: tuple[str, ...]
    sizes: tuple[str, ...]
    source: str
    confidence: str
    needs: str = ""
    version: int = 0

    def text(self, lang: str = "vi") -> str:
        return self.text_en if lang == "en" else self.text_vi

    def no_means(self, lang: str = "vi") -> str:
        return self.no_en if lang == "en" else self.no_vi

    def help(self, lang: str = "vi") -> str:
        return self.help_en if lang == "en" else self.help_vi

    def section_name(self, lang: str = "vi") -> str:
        return self.section_en if lang == "en" else self.section_vi

    def suits(self, size_class: str) -> bool:
        """Say whether it is asked at a facility of that size; all are where the size is not known."""
        return not self.sizes or size_class in self.sizes or size_class in ("", "unknown")


@dataclass(frozen=True)
class Checklist(Named):
    """Questions in the order of a walk through the factory; `trade` is "" for the general one."""

    trade: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Option(Named):
    """A measure. low–high : percent saved of what it acts on (`base`); share_low–share_high : percent that this
    usually is of the site's use of the resources in `acts_on`. Ranges are estimates, never a promise.

    acts_on : registry resources by code and families of them (`families`); none where what it saves cannot be
    told from bills. alternative : of options with the same word a site does one, so only the largest counts.
    """

    system: str
    group: str
    arc_code: str
    resources: tuple[str, ...]
    materials: tuple[str, ...]
    low: Decimal
    high: Decimal
    base_vi: str
    base_en: str
    share_low: Decimal
    share_high: Decimal
    investment_class: str
    payback_low_years: Decimal | None
    payback_high_years: Decimal | None
    condition_vi: str
    condition_en: str
    effects_vi: str
    effects_en: str
    source: str
    confidence: str
    acts_on: tuple[str, ...] = ()
    alternative: str = ""
    version: int = 0

    def condition(self, lang: str = "vi") -> str:
        return self.condition_en if lang == "en" else self.condition_vi

    def effects(self, lang: str = "vi") -> str:
        return self.effects_en if lang == "en" else self.effects_vi

    def base(self, lang: str = "vi") -> str:
        return self.base_en if lang == "en" else self.base_vi

    @property
    def saving_of_resource(self) -> tuple[float, float]:
        """Low and high saving as a share of the site's use of what it acts on, for `science.screening`."""
        return float(self.low * self.share_low / 10000), float(self.high * self.share_high / 10000)

    def acts(self, resource: str, kind: str) -> bool:
        """Say whether its range is of this resource of the registry, which is of that kind."""
        return covers(self.acts_on, resource, kind)

    @property
    def payback_years(self) -> float | None:
        """The middle of the payback range."""
        known = [y for y in (self.payback_low_years, self.payback_high_years) if y is not None]
        return float(sum(known) / len(known)) if known else None


@dataclass(frozen=True)
class Benchmark(Named):
    """Specific consumption of a process, poor to best; any of the four may be unknown.

    resource : electricity, fuel, energy, water, raw_material, material, waste, or "" where it is none.
    counts : what its numerator is made of, as registry resources and families of them; none where the records of a
    site do not tell it (a machine alone, waste water, a yield), so that it is read and never compared with.
    per : what its denominator is, "product" or "raw_material" ("" where `counts` is). products : words one of which a
    product's name must have to count into the denominator; none where all products do.
    unit_code : as `pint_registry()` parses it; unit : for people. valid_to in the past: a norm that has expired.
    """

    system: str
    process_vi: str
    process_en: str
    indicator_vi: str
    indicator_en: str
    resource: str
    unit_code: str
    unit_vi: str
    unit_en: str
    poor: Decimal | None
    average: Decimal | None
    good: Decimal | None
    best: Decimal | None
    higher_is_better: bool
    year: int
    valid_from: date | None
    valid_to: date | None
    note_vi: str
    note_en: str
    source: str
    confidence: str
    counts: tuple[str, ...] = ()
    per: str = ""
    products: tuple[str, ...] = ()
    version: int = 0

    def indicator(self, lang: str = "vi") -> str:
        return self.indicator_en if lang == "en" else self.indicator_vi

    def process(self, lang: str = "vi") -> str:
        return self.process_en if lang == "en" else self.process_vi

    def unit(self, lang: str = "vi") -> str:
        return self.unit_en if lang == "en" else self.unit_vi

    def note(self, lang: str = "vi") -> str:
        return self.note_en if lang == "en" else self.note_vi


def names_one(words: Collection[str], name: str) -> bool:
    """Say whether a product's name has one of these words, whole and without marks; with no words every name does.

    >>> names_one(("bia",), "Bia hơi"), names_one(("bia",), "Rượu men lá"), names_one((), "Chè xanh")
    (True, False, True)
    """
    folded = f" {fold(name)} "
    return not words or any(f" {fold(word)} " in folded for word in words)
