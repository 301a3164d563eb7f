"""What a sheet says of its ranges and assumptions, in Vietnamese and English.

The calculators speak English; here stands the Vietnamese of each range and each assumed figure, which a test keeps
complete. Not for the names of steps: a page that shows a calculator brings its own labels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Language = Literal["vi", "en"]


def number(value: float, lang: Language) -> str:
    """Six digits at most, with a decimal comma in Vietnamese."""
    text = f"{value:g}"
    return text.replace(".", ",") if lang == "vi" else text


def vietnamese(words: str) -> str:
    """The Vietnamese of a range's quantity, unit or source; names of standards and units stay as they are."""
    month = re.fullmatch(r"clearness of month (\d+)", words)
    if month:
        return f"độ trong của trời tháng {month[1]}"
    source, colon, rest = words.partition(": ")
    if colon and rest in RANGES:
        return f"{RANGES.get(source, source)}: {RANGES[rest]}"
    return RANGES.get(words, words)


RANGES: Mapping[str, str] = {
    # quantities
    "BOD₅ / COD": "BOD₅ / COD",
    "NTU": "NTU",
    "Rayleigh number": "số Rayleigh",
    "approach": "độ tiệm cận nhiệt độ bầu ướt",
    "available heat": "phần nhiệt hữu dụng",
    "blow-down": "lượng xả đáy",
    "carbon dioxide": "nồng độ CO₂",
    "carbon monoxide": "nồng độ CO",
    "cycles of concentration": "số chu kỳ cô đặc",
    "efficiency": "hiệu suất",
    "flow over best flow": "lưu lượng so với lưu lượng tốt nhất",
    "flue gas": "nhiệt độ khói thải",
    "furnace": "nhiệt độ lò",
    "hole": "đường kính lỗ",
    "hours of a year": "số giờ trong năm",
    "imbalance of the sides": "chênh lệch nhiệt giữa hai phía",
    "latitude": "vĩ độ",
    "leaks": "tỷ lệ rò rỉ",
    "load": "mức tải",
    "oxygen": "nồng độ O₂",
    "pressure": "áp suất",
    "pressure over that outside": "tỷ số áp suất trong và ngoài",
    "range": "độ giảm nhiệt độ qua tháp",
    "recovered": "phần nhiệt thu hồi",
    "relative humidity of the exhaust": "độ ẩm tương đối của khí thải",
    "share of time under load": "tỷ lệ thời gian có tải",
    "sludge yield": "hệ số sinh bùn",
    "speed ratio": "tỷ số tốc độ",
    "surface loss": "tổn thất qua vỏ",
    "temperature": "nhiệt độ",
    "unaccounted heat": "phần nhiệt không rõ",
    "useful heat": "công suất nhiệt hữu ích",
    "vented": "lượng hơi xả khí",
    "wind": "tốc độ gió",
    # units that are words
    "h": "giờ",
    "of rated power": "của công suất định mức",
    "of the air made": "lượng khí nén sản xuất",
    "of the feed water": "lượng nước cấp",
    "of the shaft power": "công suất trục",
    "times": "lần",
    # why the range
    "EN 12952-15, figure of radiation losses": "EN 12952-15, đồ thị tổn thất bức xạ",
    "Siegert's formula; above, air leaks in": "công thức Siegert; cao hơn là có không khí lọt vào",
    "US DOE: good": "US DOE: mức tốt",
    "a balance that closes; else a reading is wrong": "cân bằng khép kín; nếu không thì có số đo sai",
    "a boiler; else a meter or a calorific value is wrong": "của nồi hơi; nếu không thì đồng hồ hoặc nhiệt trị sai",
    "a fan; else a reading is wrong": "của quạt; nếu không thì có số đo sai",
    "a fire; below, air leaks in": "của buồng đốt; thấp hơn là có không khí lọt vào",
    "a hole small against its pipe": "lỗ nhỏ so với đường ống",
    "a lagged boiler loses 0.002 to 0.03 of its heat, a brick-set one more": (
        "nồi hơi bọc bảo ôn mất 0,002 đến 0,03 lượng nhiệt, nồi xây gạch mất nhiều hơn"
    ),
    "a pump; else a reading is wrong": "của bơm; nếu không thì có số đo sai",
    "a year has no more": "một năm không có nhiều giờ hơn",
    "above, hydrocarbons leave as well and are not counted": "cao hơn thì hydrocacbon cũng thoát ra mà chưa được tính",
    "above, scale and corrosion need treatment": "cao hơn thì phải xử lý cáu cặn và ăn mòn",
    "above, the material gets wet again": "cao hơn thì vật liệu bị ẩm trở lại",
    "air hardly compressed (ISO 5801)": "không khí hầu như không bị nén (ISO 5801)",
    "below 0 the flame cannot heat anything to that temperature": (
        "dưới 0 thì ngọn lửa không thể nung được gì đến nhiệt độ đó"
    ),
    "below 20 °C anaerobic sludge works slowly": "dưới 20 °C bùn kỵ khí hoạt động chậm",
    "below, convection counts more than radiation": "thấp hơn thì đối lưu lớn hơn bức xạ",
    "beyond, unequal flow over the surface counts more": "vượt quá thì dòng chảy không đều trên bề mặt ảnh hưởng hơn",
    "cooling of the motor, drive losses": "làm mát động cơ, tổn thất biến tần",
    "dry stack: below, water condenses and Siegert does not hold": (
        "ống khói khô: thấp hơn thì nước ngưng tụ và công thức Siegert không còn đúng"
    ),
    "efficiency of the plate": "hiệu suất ghi trên nhãn máy",
    "else a flow meter or thermometer is wrong": "nếu không thì lưu lượng kế hoặc nhiệt kế sai",
    "else it never idles: the leaks are larger than that": "nếu không thì máy không bao giờ nghỉ: rò rỉ còn lớn hơn",
    "makers do not promise less than 2.8 K; else a thermometer errs": (
        "nhà sản xuất không cam kết dưới 2,8 K; nếu không thì nhiệt kế sai"
    ),
    "more is feed water that needs treatment": "nhiều hơn là nước cấp cần được xử lý",
    "more is a valve left open": "nhiều hơn là có van để mở",
    "motors of IEC 60034-30-1": "động cơ theo IEC 60034-30-1",
    "no condensation below, no dissociation above": "thấp hơn có ngưng tụ, cao hơn có phân ly",
    "plant air; saves only what controls let it": "khí nén nhà máy; chỉ tiết kiệm được phần mà bộ điều khiển cho phép",
    "the efficiency stays about the same": "hiệu suất gần như không đổi",
    "the factor of evaporation": "hệ số bay hơi",
    "the mean day of the month stands for all its days": "ngày trung bình của tháng đại diện cho mọi ngày",
    "the parabola of η": "đường parabol của η",
    "the rest radiates or stays in the air": "phần còn lại bức xạ hoặc ở lại trong không khí",
    "treated by microbes without more ado": "vi sinh xử lý được mà không cần thêm gì",
    "water leaves as vapour; below, some of it condenses": "nước thoát ra ở thể hơi; thấp hơn thì một phần ngưng tụ",
    # sources said in words
    "ASTM C680-14": "ASTM C680-14",
    "Erbs, Klein and Duffie (1982)": "Erbs, Klein và Duffie (1982)",
    "Europump and Hydraulic Institute, Variable Speed Pumping": (
        "Europump và Hydraulic Institute, Variable Speed Pumping"
    ),
    "Metcalf and Eddy, Wastewater Engineering, ch. 10": "Metcalf và Eddy, Wastewater Engineering, ch. 10",
    "Napier's formula (API Standard 520 Part I)": "công thức Napier (API Standard 520 Part I)",
}

ASSUMED: Mapping[str, tuple[str, str]] = {
    "albedo": ("độ phản xạ của mặt đất", "reflection of the ground"),
    "co_kj_kg_carbon": ("nhiệt của CO chưa cháy (kJ/kg C)", "heat of unburnt CO (kJ/kg C)"),
    "collected": ("phần khí mê-tan thu được", "share of methane collected"),
    "discharge": ("hệ số lưu lượng của lỗ", "discharge coefficient of the hole"),
    "drift": ("tỷ lệ nước bị cuốn theo gió", "drift of the tower"),
    "drive_efficiency": ("hiệu suất biến tần", "efficiency of the drive"),
    "evaporation_per_k": ("tỷ lệ bay hơi trên mỗi độ", "evaporation per kelvin"),
    "exponent": ("số mũ nén đa biến", "exponent of compression"),
    "gamma_per_k": ("hệ số nhiệt độ của pin (1/K)", "temperature coefficient of the cells (1/K)"),
    "gas_kj_kgk": ("nhiệt dung riêng của khói khô (kJ/kgK)", "heat capacity of dry flue gas (kJ/kgK)"),
    "latent_kj_kg": ("ẩn nhiệt của nước (kJ/kg)", "latent heat of water (kJ/kg)"),
    "losses": ("tổn thất của hệ thống", "losses of the system"),
    "methane_share": ("tỷ lệ mê-tan trong khí sinh học", "share of methane in the biogas"),
    "noct_c": ("nhiệt độ vận hành danh định của pin (°C)", "nominal operating cell temperature (°C)"),
    "potential_kg_kg": ("tiềm năng sinh mê-tan B₀ (kg/kg)", "methane potential B₀ (kg/kg)"),
    "sludge_yield": ("hệ số sinh bùn (kg/kg)", "sludge yield (kg/kg)"),
    "vapour_kj_kgk": ("nhiệt dung riêng của hơi nước (kJ/kgK)", "heat capacity of water vapour (kJ/kgK)"),
    "vented": ("tỷ lệ hơi xả khí", "steam vented"),
}
