"""TOE and kg CO₂ per unit of the resources that have both, as the reference facts give them."""

from __future__ import annotations

FACTORS = {
    "electricity": ("0.0001543", "0.6592"),
    "coal_cam_5_6": ("0.5", "2071.99"),
    "diesel": ("0.00088", "2.68"),
}
