"""Reads a form with files: its parts, held in memory, within what the body's limit lets through."""

from dataclasses import dataclass, field
from email.message import Message

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from understudy.domain.errors import UnderstudyError
from understudy.web.errors import BrokenForm

MAX_PARTS = 64
MAX_HEADER = 8192


@dataclass
class Part:
    """One part of a form.

    Attributes:
        name: Of its field.
        filename: What the file was called, or None where it is no file.
        data: Its bytes.
    """

    name: str = ""
    filename: str | None = None
    data: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        """Its bytes as text; what is none is replaced."""
        return self.data.decode("utf-8", "replace")


def parts_of(body: bytes, content_type: str, *, remedy: str) -> list[Part]:
    """The parts of a form, in their order.

    Args:
        body: The request's whole body.
        content_type: Its Content-Type header.
        remedy: What an error tells to do.

    Raises:
        BrokenForm: It names no boundary, does not follow the form it claims to have, or ends too early.
    """
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if not boundary:
        raise _broken("Its type names no boundary between the fields.", remedy)
    form = _Form()
    try:
        parser = MultipartParser(
            boundary.encode("latin-1"),
            {
                "on_part_begin": form.begin,
                "on_header_field": form.header_field,
                "on_header_value": form.header_value,
                "on_header_end": form.header_end,
                "on_part_data": form.part_data,
                "on_end": form.end,
            },
        )
        parser.write(body)
        parser.finalize()
    except (FormParserError, UnicodeError) as error:
        raise _broken("It does not follow the form it claims to have.", remedy) from error
    if not form.ended:
        raise _broken("It ends before its last field does.", remedy)
    return form.parts


class _Form:
    """Collects the parts of a form as the parser meets them."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._field = bytearray()
        self._value = bytearray()

    def begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise FormParserError("too many parts")
        self.parts.append(Part())

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        if len(self._value) > MAX_HEADER:
            raise FormParserError("a header is too long")

    def header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            header = Message()
            header["content-disposition"] = self._value.decode("utf-8", "replace").replace("\r", "").replace("\n", "")
            name = header.get_param("name", "", "content-disposition")
            self.parts[-1].name = name if isinstance(name, str) else ""
            self.parts[-1].filename = header.get_filename()
        self._field.clear()
        self._value.clear()

    def part_data(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].data += memoryview(data)[start:end]

    def end(self) -> None:
        self.ended = True


def _broken(reason: str, remedy: str) -> UnderstudyError:
    return BrokenForm(fact="The form was not read.", reason=reason, remedy=remedy)
