"""Which Chromium the browser tests use: the system's, else the one that Playwright fetches."""

import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def system_chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


if __name__ == "__main__" and system_chromium() is None:
    sys.exit(subprocess.call([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]))
