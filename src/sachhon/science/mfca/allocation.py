"""Material flow cost accounting: what the product costs, and what is paid for what never becomes product.

Each quantity centre i splits what enters it between product and material loss. A material bought for it is
split by its own masses; costs that come in with half-made goods, energy and system costs by the share p_i of
product in the mass that leaves; waste management is a cost of the loss alone, and so is a material of which
nothing becomes product (machine oil). Product goes on to other centres or is finished (shares t_ij), loss is
thrown away or goes back into a centre (shares r_ij):

    c_j = Σ_i t_ij P_i + r_ij L_i        P_i = p_i c_i + own product        L_i = (1 − p_i) c_i + own loss

one linear system in the carried-in costs c, solved for each kind of cost, loops and all. What is finished and what is
thrown away add up to all that was paid.

Loss that goes back. What a centre does not turn into product is a material loss even where it is used again (ISO
14051:2011, 3.11 note, as remembered). Its material comes back and replaces purchases, so its material cost goes with it
(r as told); the energy and the work that were put into it, and what its handling cost, were spent in vain and stay a
loss (r = 0 for these kinds). `Settings(recycled="all")` lets all of its cost go back instead, full absorption: the loss
then comes out smaller by what was spent on making it.
Sources: ISO 14051:2011, 3.11 and 5.3–5.4 (material loss, cost allocation, flow model); ISO 14053:2021, Annex A.
Not here: which masses are true (see `carried`, which takes them from a balance), nor prices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from sachhon.science.mfca.centre import DEFAULT, Centre, Settings
from sachhon.science.mfca.masses import Unmatched, masses_of, unmatched
from sachhon.science.numeric import each, finite
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

KINDS = ("material", "energy", "system", "waste_management")


@dataclass(frozen=True)
class Costs:
    """An amount by kind of cost."""

    material: float = 0.0
    energy: float = 0.0
    system: float = 0.0
    waste_management: float = 0.0

    @property
    def total(self) -> float:
        """All kinds together."""
        return sum(getattr(self, kind.name) for kind in fields(self))


@dataclass(frozen=True)
class Flow:
    """Money that moves with a stream, for a Sankey: `target` "" is out of the factory."""

    source: str
    target: str
    what: str  # "product" or "loss"
    cost: Costs


@dataclass(frozen=True)
class CentreCosts:
    """The row of one centre: what came in with half-made goods, and what left in product and in loss."""

    name: str
    product_share: float
    carried_in: Costs
    product: Costs
    loss: Costs


@dataclass(frozen=True)
class Allocation:
    """The cost matrix: finished product and final loss, all that was paid, each centre, each flow."""

    paid: Costs
    product: Costs
    loss: Costs
    centres: tuple[CentreCosts, ...]
    flows: tuple[Flow, ...]
    settings: Settings = DEFAULT
    agreed: tuple[str, ...] = ()  # centres whose product share was agreed otherwise than by mass
    aside: tuple[str, ...] = ()  # materials kept out of the mass share
    unmatched: tuple[Unmatched, ...] = ()  # centres said to receive another mass than is sent to them

    @property
    def loss_share(self) -> float:
        """Part of all cost that went into material loss; 0 where nothing was paid."""
        return self.loss.total / self.paid.total if self.paid.total else 0.0

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """Where this matrix departs from the standard's split by mass, or rests on masses that do not fit, in words."""
        vi = lang == "vi"
        found = [*self.settings.departures(lang)]
        if self.agreed:
            names = ", ".join(self.agreed)
            found.append(
                f"Tỷ lệ sản phẩm của {names} là tỷ lệ thỏa thuận, không theo khối lượng."
                if vi
                else f"The product share of {names} is agreed, not that of the masses."
            )
        if self.aside:
            names = ", ".join(self.aside)
            found.append(
                f"{names} không được tính vào tỷ lệ khối lượng."
                if vi
                else f"{names} is kept out of the mass share."
            )
        found += [one.sentence(lang) for one in self.unmatched]
        return tuple(found)


def allocate(centres: Sequence[Centre], settings: Settings = DEFAULT) -> Allocation:
    """Allocate the costs of a period; `ScienceError` names the centre whose figures cannot be."""
    each(centres, Centre, "centres")
    names = [centre.name for centre in centres]
    if len(set(names)) != len(names) or not names:
        raise ScienceError(
            "give at least one quantity centre, each with a name of its own.",
            "hãy cho ít nhất một trung tâm khối lượng, mỗi cái một tên riêng.",
        )
    number = {name: i for i, name in enumerate(names)}
    onward, back = (_shares(centres, number, which) for which in ("to", "recycled"))
    share = np.array([_product_share(centre) for centre in centres])
    own_product, own_loss = np.zeros((len(centres), 4)), np.zeros((len(centres), 4))
    for i, centre in enumerate(centres):
        own_product[i], own_loss[i] = _own(centre, share[i])
    # the share of each kind of a loss's cost that goes back with it
    going = np.array([1.0, *([0.0 if settings.recycled == "material" else 1.0] * 3)])
    carried = np.stack(
        [
            _carried_in(onward, back * going[k], share, own_product[:, k], own_loss[:, k], names)
            for k in range(len(KINDS))
        ],
        axis=1,
    )
    product = share[:, None] * carried + own_product
    loss = (1 - share)[:, None] * carried + own_loss
    flows = [
        Flow(names[i], target, what, _costs(part * amount[i]))
        for what, amount, matrix, kinds in (
            ("product", product, onward, np.ones(4)), ("loss", loss, back, going),
        )
        for i in range(len(centres))
        for target, part in [
            *((names[j], matrix[i, j] * kinds) for j in np.flatnonzero(matrix[i])),
            ("", 1 - matrix[i].sum() * kinds),
        ]
        if (part > 1e-12).any()
    ]  # fmt: skip
    counted = [material for centre in centres for material in centre.materials if not material.counts]
    return Allocation(
        _costs((own_product + own_loss).sum(axis=0)),
        _costs((1 - onward.sum(axis=1)) @ product),
        _costs(((1 - np.outer(back.sum(axis=1), going)) * loss).sum(axis=0)),
        tuple(
            CentreCosts(name, float(share[i]), _costs(carried[i]), _costs(product[i]), _costs(loss[i]))
            for i, name in enumerate(names)
        ),
        tuple(flows),
        settings,
        tuple(centre.name for centre in centres if centre.product_share is not None),
        tuple(dict.fromkeys(material.name for material in counted)),
        unmatched(centres, onward, back, settings),
    )


def _carried_in(
    onward: np.ndarray,
    back: np.ndarray,
    share: np.ndarray,
    product: np.ndarray,
    loss: np.ndarray,
    names: list[str],
) -> np.ndarray:
    """c = Tᵀ(p c + own product) + Rᵀ((1 − p) c + own loss), of one kind of cost."""
    carry = onward.T * share + back.T * (1 - share)
    system = np.eye(len(names)) - carry
    if np.linalg.cond(system) > 1e12:
        ring = ", ".join(names[i] for i in np.flatnonzero(np.abs(carry).sum(axis=0) > 1 - 1e-12))
        raise ScienceError(
            f"nothing ever leaves the loop of {ring}; give it a finished product or a final loss.",
            f"không có gì ra khỏi vòng {ring}; hãy cho nó một thành phẩm hoặc một tổn thất cuối.",
        )
    return np.linalg.solve(system, onward.T @ product + back.T @ loss)


def _costs(row: np.ndarray) -> Costs:
    return Costs(*(float(amount) for amount in row))


def _product_share(centre: Centre) -> float:
    for name in ("energy", "system", "waste_management", "carried_product", "carried_loss"):
        if not (finite(getattr(centre, name)) and getattr(centre, name) >= 0):
            raise ScienceError(
                f"{centre.name}: {name} is {getattr(centre, name)}; give a number not below zero.",
                f"{centre.name}: {name} là {getattr(centre, name)}; hãy cho số không âm.",
            )
    for material in centre.materials:
        masses = material.product, material.loss
        if not (finite(material.price) and all(finite(mass) and mass >= 0 for mass in masses)):
            raise ScienceError(
                f"{centre.name}: {material.name} has a mass that is missing or below zero, or no price; correct it.",
                f"{centre.name}: {material.name} có khối lượng bị thiếu hoặc âm, hoặc không có giá; hãy sửa.",
            )
    if centre.product_share is not None:
        if not (finite(centre.product_share) and 0 <= centre.product_share <= 1):
            raise ScienceError(
                f"{centre.name}: product share {centre.product_share} is outside 0 to 1.",
                f"{centre.name}: phần sản phẩm {comma(centre.product_share)} nằm ngoài 0 đến 1.",
            )
        return float(centre.product_share)
    product, loss = masses_of(centre)
    if not product + loss > 0:
        raise ScienceError(
            f"{centre.name} moves no mass: give its masses, or agree a product share.",
            f"{centre.name} không có khối lượng đi qua: hãy cho khối lượng, hoặc thống nhất một phần sản "
            "phẩm (product share).",
        )
    return product / (product + loss)


def _own(centre: Centre, share: float) -> tuple[np.ndarray, np.ndarray]:
    product = sum(m.price * m.product for m in centre.materials)
    lost = sum(m.price * m.loss for m in centre.materials)
    shared = np.array([0.0, centre.energy, centre.system, 0.0])
    return (
        share * shared + [product, 0, 0, 0],
        (1 - share) * shared + [lost, 0, 0, centre.waste_management],
    )


def _shares(centres: Sequence[Centre], number: Mapping[str, int], which: str) -> np.ndarray:
    out = np.zeros((len(centres), len(centres)))
    for i, centre in enumerate(centres):
        for name, part in getattr(centre, which).items():
            if name not in number:
                raise ScienceError(
                    f"{centre.name} sends to {name!r}, which is no quantity centre; check the name.",
                    f"{centre.name} gửi đến {name!r}, không phải là trung tâm khối lượng nào; hãy xem lại tên.",
                )
            if not (finite(part) and 0 <= part <= 1):
                raise ScienceError(
                    f"{centre.name} sends a share of {part} to {name}; give one between 0 and 1.",
                    f"{centre.name} gửi phần {part} đến {name}; hãy cho số từ 0 đến 1.",
                )
            out[i, number[name]] = part
        if out[i].sum() > 1 + 1e-9:
            raise ScienceError(
                f"{centre.name} sends away {out[i].sum():.4g} of what it has; the shares exceed 1.",
                f"{centre.name} gửi đi {comma(out[i].sum()):.4g} lần những gì nó có; các phần cộng lại vượt 1.",
            )
    return out
