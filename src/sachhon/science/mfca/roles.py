"""What each stream that leaves a process is: product, material loss, or a carrier that takes no cost along.

Nobody can see from a balance whether the vapour of a dryer is sold, lost or only the water that was to go; taken for a
product by default it would draw cost to it by its mass. So whoever allocates costs says it of all that leaves.
Source: ISO 14051:2011, 3.11 and 5.2 (what is not the intended product is a loss; from memory, not checked against the
text). The third kind, for what was meant to leave and is no product, is ours and is told in `Year.departures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sachhon.science.balance.flowsheet import Flowsheet
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Roles:
    """Names of the streams that are losses, and carriers; all others are product."""

    losses: frozenset[str]
    carriers: frozenset[str]

    def is_product(self, stream: str) -> bool:
        return stream not in self.losses and stream not in self.carriers


def roles_of(
    sheet: Flowsheet, products: Sequence[str], losses: Sequence[str], carriers: Sequence[str]
) -> Roles:
    """The roles as told; `ScienceError` for names that are none, or two, and for what leaves and is named nowhere."""
    leaving = [s.name for s in sheet.streams if s.source]
    told: set[str] = set()
    for name in (*dict.fromkeys(products), *dict.fromkeys(losses), *dict.fromkeys(carriers)):
        if name not in leaving:
            raise ScienceError(
                f"{name!r} is named a product, a loss or a carrier but is no stream that leaves a process; check the "
                "name.",
                f"{name!r} được gọi là sản phẩm, tổn thất hoặc dòng mang nhưng không phải là dòng ra khỏi công đoạn "
                "nào; hãy xem lại tên.",
            )
        if name in told:
            raise ScienceError(
                f"{name} is named as two things; a stream is a product, a loss or a carrier.",
                f"{name} được gọi bằng hai vai trò; một dòng chỉ là sản phẩm, tổn thất hoặc dòng mang.",
            )
        told.add(name)
    left = [s.name for s in sheet.streams if s.source and not s.target and s.name not in told]
    if len(left) > 1:
        names = ", ".join(left)
        raise ScienceError(
            f"{names} leave the factory and nobody says as what: name each in products, losses or carriers (neither "
            "product nor loss, takes no cost: moisture dried out).",
            f"{names} ra khỏi cơ sở mà chưa ai nói là gì: hãy nêu từng dòng trong products (sản phẩm), losses (tổn "
            "thất) hoặc carriers (không phải sản phẩm cũng không phải tổn thất, không mang chi phí: ẩm đã sấy bay đi).",
        )
    roles = Roles(frozenset(losses), frozenset(carriers))
    for process in sheet.processes:
        out = [s.name for s in sheet.streams if s.source == process.name]
        if out and not process.stock and roles.carriers.issuperset(out):
            raise ScienceError(
                f"all that leaves {process.name} is named a carrier, so nothing takes its costs; name a product or a "
                "loss.",
                f"mọi dòng ra khỏi {process.name} đều là dòng mang nên không gì nhận chi phí của nó; hãy nêu một sản "
                "phẩm hoặc một tổn thất.",
            )
    return roles
