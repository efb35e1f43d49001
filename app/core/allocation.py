"""How the C library hands out memory."""

import ctypes

M_ARENA_MAX = -8
ARENAS = 2


def let_threads_share_memory() -> None:
    """glibc gives each thread a pool of its own, and forty threads keep forty pools half full.

    With two, a process that serves holds a tenth less. Other C libraries do not know the call.
    """
    try:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
    except (OSError, AttributeError, TypeError):
        return
