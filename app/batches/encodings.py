"""The encodings of CSV files. Python's other codecs are excluded: decoding punycode takes quadratic time."""

from __future__ import annotations

from encodings import normalize_encoding
from encodings.aliases import aliases

ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii",
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9",
    "iso8859-10", "iso8859-11", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16",
    "cp437", "cp720", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861", "cp862", "cp863",
    "cp864", "cp865", "cp866", "cp869", "cp874", "cp1125",
    "shift_jis", "shift_jis_2004", "shift_jisx0213", "cp932", "euc_jp", "euc_jis_2004", "euc_jisx0213", "iso2022_jp",
    "gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "cp950", "euc_kr", "cp949", "johab", "iso2022_kr",
    "koi8-r", "koi8-t", "koi8-u", "kz1048", "ptcp154", "tis-620", "hp-roman8",
    "mac-roman", "mac-cyrillic", "mac-greek", "mac-iceland", "mac-latin2", "mac-turkish",
)  # fmt: skip
"""By the names that Python uses."""
_LATIN_1 = "latin_1"
_BY_NAME = {each.replace("-", "_"): each for each in ENCODINGS} | {_LATIN_1: "iso8859-1"}


def canonical(name: str) -> str | None:
    """Returns Python's name for an encoding, in any spelling (`UTF8`, `Windows-1252`), or None if it is not allowed."""
    spelt = normalize_encoding(name).lower().replace(".", "_")
    return _BY_NAME.get(aliases.get(spelt, spelt))
