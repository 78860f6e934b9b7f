"""Photos for people: decoded under the same limits as for the model, upright, never larger than a screen."""

from PIL import Image

from understudy.modalities.image.decode import decode_photo, inspect_photo


def upright(data: bytes, side: int) -> Image.Image:
    """Decodes a photo for people, under the same limits as for the model.

    Args:
        data: The file's bytes.
        side: Longest side of the result, in pixels; a smaller photo keeps its size.

    Returns:
        In RGB, orientation applied, with the photo's own proportions.

    Raises:
        PhotoUnreadable: The bytes are no photo, or one that is damaged or too large.
    """
    facts = inspect_photo(data)
    longest = max(facts.width, facts.height)
    scale = min(1.0, side / longest)
    size = (max(1, round(facts.width * scale)), max(1, round(facts.height * scale)))
    square = Image.fromarray(decode_photo(data, [max(size)])[0])
    return square.resize(size, Image.Resampling.LANCZOS)
