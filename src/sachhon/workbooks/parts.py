"""Which part of an .xlsx archive holds which sheet. Needed only where a finding names a part."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO

from defusedxml import ElementTree

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheet_names_by_part(data: bytes) -> dict[str, str]:
    """``{"xl/worksheets/sheet1.xml": "Than"}``; empty where the archive does not say."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        try:
            workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        except (KeyError, ElementTree.ParseError):
            return {}
    targets = {r.get("Id"): r.get("Target", "") for r in relations.iter() if r.tag.endswith("}Relationship")}
    names: dict[str, str] = {}
    for sheet in workbook.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        target = targets.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        names[part] = sheet.get("name", "")
    return names
