"""Says in two words which device a session runs on, from what its browser calls itself."""

import re

# The first that matches: browsers built on Chromium also call themselves Chrome and Safari.
BROWSERS = (
    (r"coc_coc_browser", "Cốc Cốc"),
    (r"Edg(A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)
SYSTEMS = (
    (r"Android", "Android"),
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS", "macOS"),
    (r"Linux|X11", "Linux"),
)


def device_of(user_agent: str) -> str:
    """ "Chrome · Windows"; "" when neither is known."""
    names = (
        next((name for pattern, name in table if re.search(pattern, user_agent)), "")
        for table in (BROWSERS, SYSTEMS)
    )
    return " · ".join(name for name in names if name)
