"""The text of a body: UTF-8 whatever its content type says, else in the charset that this names."""

import re
from contextlib import suppress

_NAMED = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_WIDE = ("utf-16", "utf-32")
# What the web knows beside UTF-8, under the names that Python takes; not what is no charset, but
# an escape (`unicode_escape`) or takes long (`idna`).
_KNOWN = re.compile(
    r"(?:x-)?(?:iso-?8859-\d{1,2}|latin-?\d{1,2}|(?:windows|cp)-?\d{3,4}|koi8-[rut]|mac-?\w{5,9}"
    r"|gbk|gb2312|gb18030|hz-gb-2312|big5(?:-?hkscs)?|euc-(?:jp|kr)|shift[_-]jis|sjis|ms932"
    r"|iso-2022-(?:jp|kr)|ks_c_5601-1987|tis-620|us-ascii|ascii)"
)


def text_of(body: bytes, content_type: str) -> str:
    """The text of a body. Raises `UnicodeDecodeError` if it is not in UTF-8, nor in what the
    content type names.
    """
    named = _NAMED.search(content_type)
    charset = named[1].lower() if named else ""
    if charset.startswith(_WIDE):  # plain text in one of these is UTF-8 with null characters
        with suppress(UnicodeDecodeError, LookupError):
            return body.decode(charset)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if not _KNOWN.fullmatch(charset):
            raise
        with suppress(UnicodeDecodeError, LookupError):
            return body.decode(charset.removeprefix("x-"))
        raise error from None
