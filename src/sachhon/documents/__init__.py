"""Official documents: frozen dataclasses in, .docx, .xlsx, .pdf, .svg and .png out.

No Django, no database, no clock: whatever a document says is in its data.
"""
