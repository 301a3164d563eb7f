"""Photos people send: looked at by their content, brought upright to a bounded size, encoded anew.

A photo from a phone carries the place where it was taken, the camera and more. Nothing of that is kept but the
moment: what is stored is a new JPEG with nothing in it but the picture.
"""

import contextlib
import datetime
import io
import warnings
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from sachhon.apps.assessment.services.errors import AssessmentError

LARGEST_MB = 12
MOST_PIXELS = 60_000_000
SIDE, THUMB_SIDE = 2000, 360
FORMATS = ("JPEG", "PNG", "WEBP")
_TAKEN, _EXIF_IFD = 36867, 0x8769  # EXIF tags: DateTimeOriginal, and where it stands


def read_photo(file: BinaryIO, size: int) -> tuple[Image.Image, datetime.datetime | None]:
    """The picture, upright and decoded to the end, and when it was taken; AssessmentError says why it is none."""
    if size > LARGEST_MB * 1024 * 1024:
        raise AssessmentError(
            _(
                "The photo has %(size)s MB, at most %(most)s MB can be kept: take it again at a lower resolution."
            )
            % {"size": size // (1024 * 1024), "most": LARGEST_MB}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise AssessmentError(
                    _("The photo has too many points (%(width)s × %(height)s): take it again smaller.")
                    % {"width": image.width, "height": image.height}
                )
            taken_at = _taken(image)
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise AssessmentError(
            _("This file is not a photo that can be read (JPEG, PNG or WebP): choose another one.")
        ) from None
    return upright, taken_at


def _taken(image: Image.Image) -> datetime.datetime | None:
    """When the camera says it was taken, by Vietnamese time; None where it says nothing readable."""
    with contextlib.suppress(Exception):  # EXIF is whatever a camera wrote: never a reason to lose the photo
        words = image.getexif().get_ifd(_EXIF_IFD).get(_TAKEN)
        moment = datetime.datetime.strptime(str(words), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - made aware below
        return timezone.make_aware(moment)
    return None


def jpeg(image: Image.Image, side: int) -> bytes:
    """A new JPEG of at most `side` pixels a side, with nothing in it but the picture."""
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    copy.info.clear()
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()
