"""Reading any workbook people send: cells in, readings and problems out.

The way of a file through this package:

``grid`` opens it safely (or refuses it) and gives plain rows; ``values`` turns one cell into a number,
a date or a period; ``tables`` finds where the tables, headers and totals are; ``profile`` says what each
column means (suggested, then confirmed by a person); ``extract`` reads by that profile; ``annotate``
gives the file back with the problem cells marked. Nothing here knows Django or a database.
"""
