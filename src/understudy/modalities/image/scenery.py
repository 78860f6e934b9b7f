"""What surrounds a drawn object: noise, sky, land and sea, and the camera that takes the photo."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Field = npt.NDArray[np.float32]
"""Numbers over a picture: (height, width), or (height, width, 3) for colours in 0..1."""
Colour = tuple[float, float, float]

_REDUCTION = 4
"""The background is drawn this much smaller: it is out of focus anyway."""


@dataclass(frozen=True)
class _Weather:
    """The sky's colours at the top and at the horizon, and how much of it clouds may cover."""

    top: Colour
    horizon: Colour
    cloud: Colour
    cover: float


_WEATHERS = (
    _Weather((0.24, 0.44, 0.74), (0.66, 0.80, 0.92), (0.96, 0.97, 0.98), 0.35),
    _Weather((0.42, 0.57, 0.76), (0.78, 0.84, 0.88), (0.93, 0.94, 0.95), 0.6),
    _Weather((0.58, 0.62, 0.67), (0.76, 0.79, 0.81), (0.70, 0.72, 0.75), 0.9),
    _Weather((0.40, 0.46, 0.60), (0.90, 0.76, 0.64), (0.74, 0.66, 0.66), 0.5),
)
_LANDS: tuple[tuple[Colour, Colour], ...] = (
    ((0.30, 0.38, 0.17), (0.46, 0.50, 0.25)),
    ((0.56, 0.50, 0.32), (0.68, 0.62, 0.42)),
    ((0.34, 0.28, 0.21), (0.45, 0.38, 0.28)),
    ((0.13, 0.20, 0.12), (0.22, 0.30, 0.16)),
)
_SEAS: tuple[tuple[Colour, Colour], ...] = (
    ((0.12, 0.24, 0.30), (0.25, 0.38, 0.43)),
    ((0.28, 0.34, 0.37), (0.42, 0.47, 0.49)),
)


def smoothstep(low: float, high: float, values: Field) -> Field:
    """Rises from 0 at `low` to 1 at `high`, flat at both ends."""
    t = np.clip((values - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def enlarge(field: Field, height: int, width: int) -> Field:
    """Resizes a (height, width) field smoothly."""
    picture = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))


def noise(rng: np.random.Generator, height: int, width: int, *, cell: tuple[float, float], octaves: int = 1) -> Field:
    """Smooth noise of mean 0 and a standard deviation near 1.

    Args:
        rng: Source of chance.
        height: In pixels.
        width: In pixels.
        cell: Size of its largest features, down and across, in pixels.
        octaves: Layers, each of half the size and half the strength.
    """
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        down, across = (max(1.0, size / 2**octave) for size in cell)
        grid = rng.standard_normal((int(height / down) + 2, int(width / across) + 2), np.float32)
        total += enlarge(grid, height, width) * np.float32(0.5**octave)
    return total


def background(rng: np.random.Generator, height: int, width: int) -> Image.Image:
    """Draws what lies behind the object: sky, land or sea, out of focus; an RGB image."""
    rows, columns = -(-height // _REDUCTION), -(-width // _REDUCTION)
    weather = _WEATHERS[rng.integers(len(_WEATHERS))]
    picture = _sky(rng, rows, columns, weather)
    horizon = rng.choice([2.0, rng.uniform(0.25, 1.0), rng.uniform(-0.8, -0.15)], p=[0.35, 0.4, 0.25])
    if horizon < 1:
        picture = _with_ground(rng, picture, weather, horizon)
    if rng.random() < 0.2:
        picture = _with_tower(rng, picture, weather)
    image = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.2)))
    return image.resize((width, height), Image.Resampling.BILINEAR)


def _sky(rng: np.random.Generator, rows: int, columns: int, weather: _Weather) -> Field:
    height = np.linspace(rng.uniform(0, 0.4), rng.uniform(0.6, 1), rows, dtype=np.float32)[:, None, None]
    sky = _mix(_paint(weather.top), _paint(weather.horizon), height)
    clouds = noise(rng, rows, columns, cell=(rows * rng.uniform(0.2, 0.5), columns * rng.uniform(0.3, 0.7)), octaves=5)
    edge = 1.2 - 2 * weather.cover * rng.uniform(0.4, 1)
    cover = smoothstep(edge, edge + rng.uniform(0.7, 1.8), clouds)[..., None]
    return _mix(sky, _paint(weather.cloud) - 0.05 * clouds[..., None], cover * np.float32(0.9))


def _with_ground(rng: np.random.Generator, sky: Field, weather: _Weather, horizon: float) -> Field:
    rows, columns = sky.shape[:2]
    at_sea = rng.random() < 0.4
    kinds = _SEAS if at_sea else _LANDS
    dark, light = kinds[rng.integers(len(kinds))]
    tilt = rng.normal(0, 0.04) * np.linspace(-0.5, 0.5, columns, dtype=np.float32)
    depth = np.linspace(0, 1, rows, dtype=np.float32)[:, None] - np.float32(horizon) - tilt
    near = np.maximum(depth, 0.01)
    texture = noise(rng, 128, 128, cell=(5, 24) if at_sea else (14, 14), octaves=3)
    if not at_sea:
        texture += 1.5 * np.sign(noise(rng, 128, 128, cell=(40, 25)))
    across = np.linspace(-1, 1, columns, dtype=np.float32) * rng.uniform(10, 40) / near
    tone = texture[_folded(rng.uniform(12, 30) / near), _folded(across)]
    ground = _mix(_paint(dark), _paint(light), np.clip(0.5 + 0.18 * tone, 0, 1)[..., None])
    haze = np.exp(-near * np.float32(rng.uniform(3, 12)))[..., None] * np.float32(0.9)
    ground = _mix(ground, _paint(weather.horizon), haze)
    return _mix(sky, ground, smoothstep(-0.004, 0.012, depth)[..., None])


def _folded(place: npt.NDArray[np.floating]) -> npt.NDArray[np.int32]:
    """Indices into 128 texels that run to and fro, so that the texture has no seam."""
    return np.asarray(np.abs(place.astype(np.int32) % 254 - 127), np.int32)


def _with_tower(rng: np.random.Generator, picture: Field, weather: _Weather) -> Field:
    rows, columns = picture.shape[:2]
    centre, half = rng.uniform(0, columns), columns * rng.uniform(0.03, 0.12)
    lean = rng.normal(0, 0.1) * np.linspace(0, rows, rows, dtype=np.float32)[:, None]
    across = (np.arange(columns, dtype=np.float32) - np.float32(centre) + lean) / np.float32(half)
    inside = smoothstep(-1.05, -0.95, -np.abs(across))[..., None]
    light = rng.uniform(0.5, 0.75) + rng.choice([-0.2, 0.2]) * across[..., None]
    return _mix(picture, light * (0.7 + 0.3 * _paint(weather.horizon)), inside)


def _paint(colour: Colour) -> Field:
    return np.array(colour, np.float32)


def _mix(first: Field, second: Field, share: Field) -> Field:
    return np.asarray(first + (second - first) * share, np.float32)


def photograph(rng: np.random.Generator, scene: Image.Image) -> Image.Image:
    """Takes the photo of an RGB scene: white balance, exposure, vignette, blur, sensor noise."""
    gains = rng.lognormal(0.0, 0.16) * (1 + rng.normal(0, 0.016, 3))
    response = [_exposed(value / 255 * gain) for gain in gains for value in range(256)]
    image = ImageChops.multiply(scene.point(response), _vignette(rng, scene.size))
    blur = rng.gamma(2.0, 0.2) * min(scene.size) / 480
    if blur > 0.3:
        image = image.filter(ImageFilter.BoxBlur(blur))
    return _with_grain(rng, image)


def _exposed(light: float) -> int:
    """A pixel's value; highlights roll off, as sensors' software lets them."""
    return round(255 * min(1.0, light / (1 + max(0.0, light - 0.8))))


def _vignette(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    line = np.linspace(-1, 1, 32, dtype=np.float32)
    fall_off = 1 - rng.uniform(0, 0.16) * (line[:, None] ** 2 + line**2)
    return as_mask(fall_off).resize(size, Image.Resampling.BILINEAR).convert("RGB")


def _with_grain(rng: np.random.Generator, image: Image.Image) -> Image.Image:
    strength = rng.uniform(0.6, 3.4)
    normal = NormalDist(128, strength)
    table = [round(normal.inv_cdf((value + 0.5) / 256)) for value in range(256)]
    grain = Image.frombytes("L", image.size, rng.bytes(image.width * image.height)).point(table)
    return ImageChops.add(image, grain.convert("RGB"), offset=-128)


def as_mask(field: Field) -> Image.Image:
    """A field of 0..1 as a mask."""
    return Image.fromarray((np.clip(field, 0, 1) * np.float32(255)).astype(np.uint8))


def blank_mask(height: int, width: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty mask, drawn at twice the size so that its lines come out smooth."""
    mask = Image.new("L", (2 * width, 2 * height))
    return mask, ImageDraw.Draw(mask)
