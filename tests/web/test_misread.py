"""What could not be read of a request."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from understudy.web.misread import misread


class Sent(BaseModel):
    """A body of several fields."""

    model_config = ConfigDict(extra="forbid")

    name: str
    value: str | list[str] | None = None
    share: float = 0.0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "“name” is missing."),
        ({"name": "a", "share": "b"}, "“share” is no number."),
        ({"name": "a", "nmae": "b"}, "“nmae” is not known here."),
        ({"name": "a", "value": 7}, "“value” is no text."),
        ({"name": 7}, "“name” is no text."),
    ],
)
def test_what_is_wrong_is_named_by_its_field_alone(body: dict[str, object], said: str) -> None:
    """In plain words, whatever types the validator tried on the way."""
    with pytest.raises(ValidationError) as caught:
        Sent.model_validate(body)
    assert misread(caught.value.errors()[0]) == said
