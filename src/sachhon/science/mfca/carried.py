"""Material flow costs from a balance: the flow-sheet's processes are the quantity centres, its uncertainty is carried.

Every process splits what leaves it into product and loss (the streams named as losses). What leaves the factory is
named a product, a loss or a carrier, that is neither meant as product nor lost (moisture dried out, air, water): it
takes no cost along, all of which stays with the rest.

    p = product/(product + loss) by mass        p_l the same on layer l
    a material priced on layer l goes p_l into product; energy and system costs p; waste management is loss
    t_ij, r_ij: shares of the product, of the loss, that go on to, or back into, process j (which costs go back
    with a loss tells `allocation.Settings`)

What a stock takes up is product of its process, stored there; what it gives back is a material, priced by the name of
the process. With F the cost matrix as a function of the flows, prices and costs x and J its slope at the estimate,

    u²(F) = J cov(x) Jᵀ        (first order; cov(x) from the balance, prices and costs independent)

months that share a stock, a factor or a meter are correlated, so the year is not the sum of their variances.
Sources: ISO 14051:2011, 5.3-5.4 and annex A; JCGM 100:2008, 5.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.balance.flowsheet import GOODS, Flowsheet
from sachhon.science.balance.flowsheet_parts import Key
from sachhon.science.balance.flowsheet_result import FlowsheetResult
from sachhon.science.mfca.allocation import KINDS, Allocation, allocate
from sachhon.science.mfca.centre import DEFAULT, Centre, Material, Settings
from sachhon.science.mfca.inputs import CentreCost, Inputs, Price, slope_of
from sachhon.science.mfca.roles import Roles, roles_of
from sachhon.science.mfca.sankey import bands
from sachhon.science.uncertainty import Measured, ScienceError

DRAWN = "from the stock of "
Band = tuple[str, str, str]


@dataclass(frozen=True)
class Carried:
    """A cost matrix with its uncertainty: by kind of cost, and "total".

    `bands`: (source, target, kind) → money, for a Sankey. `allocation`: None for several periods together.
    """

    allocation: Allocation | None
    paid: dict[str, Measured]
    product: dict[str, Measured]
    loss: dict[str, Measured]
    loss_share: Measured
    loss_by_centre: dict[str, Measured]
    bands: dict[tuple[str, str, str], Measured]


@dataclass(frozen=True)
class Year:
    """Each period of the balance, and all of them together."""

    months: dict[str, Carried]
    total: Carried
    settings: Settings = DEFAULT
    carriers: tuple[str, ...] = ()  # streams that take no cost along

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """Every setting that is not the standard's, and what takes no cost along, in words."""
        found = [*self.settings.departures(lang)]
        if self.carriers:
            names = ", ".join(self.carriers)
            found.append(
                f"Không mang theo chi phí, vì không phải là sản phẩm cũng không phải là tổn thất: {names}."
                if lang == "vi"
                else f"Without any cost, being neither product nor loss: {names}."
            )
        return tuple(found)


def from_balance(
    result: FlowsheetResult,
    prices: Sequence[Price],
    costs: Sequence[CentreCost] = (),
    losses: Sequence[str] = (),
    settings: Settings = DEFAULT,
    *,
    products: Sequence[str] = (),
    carriers: Sequence[str] = (),
) -> Year:
    """Cost matrices of all periods; what has no price or cost given comes in free (water, air).

    losses, products, carriers : streams by what they are. Each that leaves the factory is named in one of them, but for
    the last one, which is then the product; between processes what is not named is product. A carrier takes no cost.
    Raises `ScienceError` for a leaving stream nobody names, and for a price, cost or stream that names what the
    flow-sheet has not, or has no mass.
    """
    sheet = result.sheet
    _check(sheet, prices, costs)
    roles = roles_of(sheet, products, losses, carriers)
    inputs = Inputs(result, prices, costs)

    def matrix(x: np.ndarray, period: str) -> Allocation:
        found = allocate(_centres(inputs.at(x), sheet, prices, costs, roles, period), settings)
        return replace(found, agreed=(), aside=())  # the shares are those of the balance's masses

    found = {period: matrix(inputs.value, period) for period in sheet.periods}
    drawn = {period: bands(one) for period, one in found.items()}
    keys = list(dict.fromkeys(key for one in drawn.values() for key in one))  # of the year
    months: dict[str, Carried] = {}
    values, slopes = [], []
    for period in sheet.periods:

        def table(x: np.ndarray, period: str = period) -> np.ndarray:
            return _flat(matrix(x, period), sheet, keys)

        values.append(table(inputs.value))
        slopes.append(slope_of(table, inputs, period))
        covariance = slopes[-1] @ inputs.covariance @ slopes[-1].T
        of_month = _carried(found[period], keys, values[-1], covariance, sheet)
        months[period] = replace(of_month, bands={key: of_month.bands[key] for key in drawn[period]})
    total = next(iter(months.values()))
    if len(months) > 1:
        slope = np.sum(slopes, axis=0)
        total = _carried(None, keys, np.sum(values, axis=0), slope @ inputs.covariance @ slope.T, sheet)
    return Year(months, total, settings, tuple(s.name for s in sheet.streams if s.name in roles.carriers))


def _centres(
    x: dict[Key, float],
    sheet: Flowsheet,
    prices: Sequence[Price],
    costs: Sequence[CentreCost],
    roles: Roles,
    period: str,
) -> list[Centre]:
    """Quantity centres of one period. Masses a little below zero (a balance's noise) count as none."""

    def flow(stream: str, layer: str = GOODS) -> float:
        return max(x.get(("flow", layer, stream, period), 0.0), 0.0)

    def change(process: str, layer: str = GOODS) -> float:
        return x.get(("change", layer, process, period), 0.0)

    def leaving(process: str, layer: str = GOODS) -> tuple[float, float]:
        out = [s.name for s in sheet.streams if s.source == process]
        product = sum(flow(name, layer) for name in out if roles.is_product(name))
        return product + max(change(process, layer), 0.0), sum(
            flow(name, layer) for name in out if name in roles.losses
        )

    centres: list[Centre] = []
    for process in sheet.processes:
        product, loss = leaving(process.name)
        share = product / (product + loss) if product + loss > 0 else 1.0
        materials: list[Material] = []
        for k, price in enumerate(prices):
            if price.period not in (None, period):
                continue
            entering = next((s for s in sheet.streams if s.name == price.stream), None)
            if entering is not None and entering.target == process.name:
                amount, name = flow(price.stream, price.layer), price.stream
            elif price.stream == process.name:
                amount, name = max(-change(process.name, price.layer), 0.0), DRAWN + process.name
            else:
                continue
            made, lost = leaving(process.name, price.layer)
            part = made / (made + lost) if made + lost > 0 else share
            materials.append(
                Material(name, x["price", str(k)], part * amount, (1 - part) * amount, counts=False)
            )
        own = dict.fromkeys(KINDS[1:], 0.0)
        for k, cost in enumerate(costs):
            if cost.process == process.name and cost.period == period:
                for kind in own:
                    own[kind] += max(x[kind, str(k)], 0.0)
        onward = _parts(sheet, process.name, flow, roles.is_product, product)
        back = _parts(sheet, process.name, flow, roles.losses.__contains__, loss)
        centres.append(Centre(process.name, materials, **own, to=onward, recycled=back, product_share=share))
    return centres


def _parts(
    sheet: Flowsheet,
    process: str,
    flow: Callable[[str], float],
    wanted: Callable[[str], bool],
    whole: float,
) -> dict[str, float]:
    """Shares of a process's product, or of its loss (what is `wanted`), by the process they go to."""
    out: dict[str, float] = {}
    for s in sheet.streams:
        if s.source == process and s.target and wanted(s.name) and whole > 0:
            part = flow(s.name) / whole
            out[s.target] = out.get(s.target, 0.0) + part
    return out


def _flat(found: Allocation, sheet: Flowsheet, keys: list[Band]) -> np.ndarray:
    """paid, product and loss by kind; the loss of each centre that leaves the factory; the bands of a Sankey."""
    table = [getattr(getattr(found, part), kind) for part in ("paid", "product", "loss") for kind in KINDS]
    leaving = {process.name: 0.0 for process in sheet.processes}
    for flow in found.flows:
        if flow.what == "loss" and not flow.target:
            leaving[flow.source] += flow.cost.total
    band = bands(found)
    return np.array([*table, *leaving.values(), *(band.get(key, 0.0) for key in keys)])


def _carried(
    allocation: Allocation | None,
    keys: list[Band],
    value: np.ndarray,
    covariance: np.ndarray,
    sheet: Flowsheet,
) -> Carried:
    kinds = len(KINDS)

    def measured(weights: np.ndarray) -> Measured:
        return Measured(float(weights @ value), float(np.sqrt(max(weights @ covariance @ weights, 0.0))))

    unit = np.eye(len(value))
    rows = {part: unit[k * kinds : (k + 1) * kinds] for k, part in enumerate(("paid", "product", "loss"))}
    tables = {
        part: {
            **{kind: measured(row) for kind, row in zip(KINDS, of, strict=True)},
            "total": measured(of.sum(axis=0)),
        }
        for part, of in rows.items()
    }
    paid, loss = tables["paid"]["total"].value, tables["loss"]["total"].value
    share = loss / paid if paid else 0.0
    slope = (rows["loss"].sum(axis=0) - share * rows["paid"].sum(axis=0)) / (paid or 1.0)
    spread = float(np.sqrt(max(slope @ covariance @ slope, 0.0)))
    rest = [measured(row) for row in unit[3 * kinds :]]
    names = [process.name for process in sheet.processes]
    return Carried(
        allocation,
        tables["paid"],
        tables["product"],
        tables["loss"],
        Measured(share, spread),
        dict(zip(names, rest, strict=False)),
        dict(zip(keys, rest[len(names) :], strict=True)),
    )


def _check(sheet: Flowsheet, prices: Sequence[Price], costs: Sequence[CentreCost]) -> None:
    streams = {s.name: s for s in sheet.streams}
    stocks = {p.name for p in sheet.processes if p.stock}
    for k, price in enumerate(prices):
        if price.stream not in streams and price.stream not in stocks:
            raise ScienceError(
                f"{price.stream!r} has a price but is no stream and no stock; check the name.",
                f"{price.stream!r} có giá nhưng không phải là dòng hay kho nào; hãy xem lại tên.",
            )
        if price.stream in streams and (streams[price.stream].source or not streams[price.stream].target):
            raise ScienceError(
                f"{price.stream} is priced but does not come in from outside; only purchases are.",
                f"{price.stream} có giá nhưng không vào từ bên ngoài; chỉ hàng mua mới có giá.",
            )
        if price.layer not in sheet.all_layers:
            raise ScienceError(
                f"{price.stream} is priced by {price.layer!r}, which is no layer; check the name.",
                f"{price.stream} được tính giá theo {price.layer!r}, không phải là lớp nào; hãy xem lại tên.",
            )
        if price.period is not None and price.period not in sheet.periods:
            raise ScienceError(
                f"{price.stream} is priced in {price.period!r}, which is no period; check the name.",
                f"{price.stream} có giá trong {price.period!r}, không phải là kỳ nào; hãy xem lại tên.",
            )
        if any(_both(price, other) for other in prices[:k]):
            raise ScienceError(
                f"{price.stream} has two prices for one period and layer; give the one it was bought at (of several "
                "purchases the average).",
                f"{price.stream} có hai giá cho cùng một kỳ và một lớp; hãy cho một giá mua (nhiều lần mua thì lấy giá "
                "bình quân).",
            )
    processes = {p.name for p in sheet.processes}
    for cost in costs:
        if cost.process not in processes or cost.period not in sheet.periods:
            raise ScienceError(
                f"costs of {cost.process!r} in {cost.period!r}: no such process or period; check the names.",
                f"chi phí của {cost.process!r} trong {cost.period!r}: không có công đoạn hoặc kỳ ấy; hãy xem "
                "lại tên.",
            )


def _both(one: Price, other: Price) -> bool:
    """Whether two prices would be paid for the same mass."""
    together = one.period == other.period or None in (one.period, other.period)
    return together and (one.stream, one.layer) == (other.stream, other.layer)
