"""Files with an opening password: xlsx in an OLE container (EncryptedPackage) and xls (FILEPASS).

A file that Excel encrypted with its own well-known word (a book protected in structure) opens without asking.
Passwords come in and never go out: not into messages, exceptions, logs or files.
"""

from __future__ import annotations

import io
from typing import Any

from ..problem import UnusableFile

_EXCELS_OWN = "VelvetSweatshop"
ASKED = "该文件有打开密码，未读取；请用 Excel 或 WPS 打开，去掉密码、另存后重新导入，或在命令中用 --password 给出密码。"
WRONG = "该文件有打开密码，给出的密码打不开它；请向报送单位核对密码（区分大小写），或索取没有密码的文件。"
_UNKNOWN = "该文件有打开密码，加密方式不常见或文件不完整，不能直接读取；请用 Excel 或 WPS 打开，去掉密码、另存后重新导入。"


class Password(str):
    """A password on its way to a worker process: its representation does not show it."""

    def __repr__(self) -> str:
        return "Password(***)"


def decrypted(path, data: bytes, passwords: tuple[str, ...] = ()) -> bytes:
    """The bytes of an encrypted file without their encryption. ``UnusableFile`` when no password fits."""
    import msoffcrypto  # here, as it is seldom needed
    from msoffcrypto.exceptions import InvalidKeyError

    for password in (*filter(None, passwords), _EXCELS_OWN):
        try:
            return _opened(msoffcrypto.OfficeFile(io.BytesIO(data)), password)
        except InvalidKeyError:
            continue
        except Exception:  # noqa: BLE001 - a damaged file makes it throw anything; a traceback would hold the password
            raise UnusableFile(path, _UNKNOWN, "file-password") from None
    raise UnusableFile(path, WRONG if passwords else ASKED, "file-password")


def _opened(file: Any, password: str) -> bytes:
    """The decrypted bytes. InvalidKeyError when the password does not fit."""
    out = io.BytesIO()
    file.load_key(password=password, **({"verify_password": True} if file.format == "ooxml" else {}))
    file.decrypt(out)
    return out.getvalue()
