"""The demo's pictures are photos of the right size, and the same each time."""

from io import BytesIO

import pytest
from PIL import Image

from app.demo.drawing.canvas import HEIGHT, WIDTH
from app.demo.scenes import SCENES, draw_scene


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_a_jpeg_that_shows_something(name: str) -> None:
    picture = Image.open(BytesIO(draw_scene(name)))
    assert (picture.format, picture.size) == ("JPEG", (WIDTH, HEIGHT))
    assert not picture.getexif()
    low, high = picture.convert("L").getextrema()
    assert high - low > 100


def test_the_same_seed_gives_the_same_picture() -> None:
    assert draw_scene("dune-path", 1) == draw_scene("dune-path", 1)
    assert draw_scene("dune-path", 1) != draw_scene("dune-path", 2)
