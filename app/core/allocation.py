"""How the C library hands out memory, and how often Python looks for what is no longer needed."""

import ctypes
import gc

M_ARENA_MAX = -8
ARENAS = 2
NEW_OBJECTS = 5_000


def let_threads_share_memory() -> None:
    """glibc gives each thread a pool of its own, and forty threads keep forty pools half full.

    With two, a process that serves holds a tenth less. Other C libraries do not know the call.
    """
    try:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
    except (OSError, AttributeError, TypeError):
        return


def leave_in_peace_what_stays() -> None:
    """What is there after the start stays until the end, so the collector no longer looks at it each time.

    It also comes less often: a single suggestion makes thousands of small objects, and hardly any in circles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)
