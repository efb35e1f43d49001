"""Drawn pictures for the demo's issues, so that no photo of a real street or person is needed."""

from collections.abc import Callable
from random import Random

from app.demo.drawing import inside, outdoors, seaside, streets
from app.demo.drawing.canvas import Canvas

SCENES: dict[str, Callable[[Canvas], None]] = {
    "dark-cycle-path": seaside.draw_dark_cycle_path,
    "overflowing-bin": seaside.draw_overflowing_bin,
    "flooded-street": streets.draw_flooded_street,
    "loose-tile": streets.draw_loose_tile,
    "crowded-bike-rack": streets.draw_crowded_bike_rack,
    "beach-ramp": seaside.draw_beach_ramp,
    "noisy-terrace": seaside.draw_noisy_terrace,
    "dune-path": seaside.draw_dune_path,
    "dry-tree": streets.draw_dry_tree,
    "speeding-street": streets.draw_speeding_street,
    "flickering-underpass": inside.draw_flickering_underpass,
    "broken-lift": inside.draw_broken_lift,
    "basement-water": inside.draw_basement_water,
    "hot-playground": outdoors.draw_hot_playground,
    "slippery-leaves": outdoors.draw_slippery_leaves,
    "sand-drift": outdoors.draw_sand_drift,
    "tideline-pellets": outdoors.draw_tideline_pellets,
    "beach-shower": outdoors.draw_beach_shower,
}


def draw_scene(name: str, seed: int = 0) -> bytes:
    """One of `SCENES` as a JPEG of 1200 by 900 pixels; same name and seed, same picture."""
    canvas = Canvas(Random(f"{name}/{seed}"))
    SCENES[name](canvas)
    return canvas.jpeg()
