"""Photos for the demo, drawn by code: plain scenes of a works, with the words that they are drawn."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from sachhon.documents.layout import FONTS

SIZE = (1280, 960)
SKY, FLOOR = (196, 206, 210), (120, 112, 104)


def scene(kind: str, seed: int) -> io.BytesIO:
    """A JPEG of one of SCENES; the same kind and seed always give the same picture."""
    rng = random.Random(f"{kind}:{seed}")  # noqa: S311  (a drawing, no secret)
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 640, *SIZE), fill=FLOOR)
    SCENES[kind](draw, rng)
    image = image.filter(ImageFilter.GaussianBlur(1.4))
    # Not Pillow's own noise, which takes no seed.
    grain = Image.frombytes("L", SIZE, rng.randbytes(SIZE[0] * SIZE[1])).point(lambda v: 83 + v * 0.35)
    image = Image.blend(image, grain.convert("RGB"), 0.12)
    _caption(ImageDraw.Draw(image))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    out.seek(0)
    return out


def _kiln(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    """A kiln's wall with its door ajar: the glow stands out at the gap."""
    for row in range(13):
        for column in range(-1, 14):
            x, y = column * 100 + (row % 2) * 50, 60 + row * 48
            shade = rng.randint(-14, 14)
            draw.rectangle((x, y, x + 94, y + 43), fill=(168 + shade, 92 + shade // 2, 66 + shade // 2))
    draw.rectangle((430, 260, 850, 700), fill=(62, 58, 56))
    for width, colour in ((46, (120, 46, 22)), (30, (214, 92, 30)), (14, (255, 208, 110))):
        draw.rectangle((850 - width, 262, 850 + width // 2, 700), fill=colour)
    draw.rectangle((470, 300, 800, 380), fill=(82, 78, 76))


def _pipe(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    """A bare steam pipe with a flange that leaks."""
    for y, height in ((180, 54), (400, 86)):
        draw.rectangle((0, y, SIZE[0], y + height), fill=(146, 138, 130))
        draw.rectangle((0, y + 6, SIZE[0], y + 16), fill=(190, 184, 176))
    draw.rectangle((610, 376, 650, 510), fill=(104, 98, 92))
    for _ in range(160):
        x, y = rng.gauss(640, 70), 380 - abs(rng.gauss(0, 110))
        size = rng.randint(14, 44)
        draw.ellipse((x, y, x + size, y + size), fill=(226, 230, 232))


def _timber(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    """Logs stacked in the open, off-cuts on the floor before them."""
    for row in range(6):
        for column in range(11 - row):
            x, y, r = 90 + column * 100 + row * 50, 640 - row * 84, 46
            draw.ellipse((x - r, y - r, x + r, y + r), fill=(128, 92, 58))
            draw.ellipse((x - r + 7, y - r + 7, x + r - 7, y + r - 7), fill=(214, 178, 128))
            draw.ellipse((x - 12, y - 12, x + 12, y + 12), outline=(168, 128, 84), width=4)
    for _ in range(120):
        x, y = rng.randint(0, SIZE[0]), rng.randint(700, 950)
        draw.polygon(((x, y), (x + rng.randint(30, 120), y + 8), (x + 20, y + 22)), fill=(196, 156, 104))


def _tank(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    """A tank that runs over; water stands on the floor."""
    draw.rectangle((380, 150, 880, 660), fill=(88, 128, 152))
    for x in range(380, 880, 42):
        draw.line((x, 150, x, 660), fill=(70, 108, 130), width=5)
    draw.ellipse((380, 118, 880, 186), fill=(138, 176, 198))
    for x in (430, 560, 790):
        draw.rectangle((x, 170, x + rng.randint(14, 26), 680), fill=(186, 212, 226))
    draw.ellipse((220, 650, 1060, 860), fill=(142, 166, 178))


def _motor(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    """A motor under dust, its belt guard off."""
    draw.rounded_rectangle((300, 380, 760, 660), 60, fill=(62, 98, 140))
    for x in range(350, 720, 32):
        draw.rectangle((x, 384, x + 10, 656), fill=(44, 76, 112))
    draw.ellipse((790, 290, 1090, 590), fill=(70, 70, 72))
    draw.ellipse((870, 370, 1010, 510), fill=(150, 150, 150))
    draw.line((770, 440, 800, 330), fill=(40, 40, 40), width=26)
    draw.line((770, 600, 860, 590), fill=(40, 40, 40), width=26)
    for _ in range(900):
        x, y = rng.randint(290, 1100), rng.randint(280, 660)
        draw.ellipse((x, y, x + 6, y + 6), fill=(172, 160, 140))


SCENES = {"kiln": _kiln, "pipe": _pipe, "timber": _timber, "tank": _tank, "motor": _motor}


def _caption(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 900, SIZE[0], SIZE[1]), fill=(27, 42, 51))
    draw.text((28, 908), "Ảnh minh họa, vẽ bằng mã – dữ liệu trình diễn", font=_font(), fill=(255, 255, 255))


def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "Tinos-Regular.ttf"), 34)
