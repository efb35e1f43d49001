"""A table of figures, in which what misses its budget is marked."""

Figure = tuple[float, bool, str]
"""The figure, whether it is good, and how it is written."""


class Table:
    def __init__(self, name: str, *columns: str) -> None:
        self.lines = [f"{name:<34}" + "".join(f"{column:>20}" for column in columns)]
        self.faults: list[str] = []

    def add(self, row: str, *figures: Figure) -> None:
        cells = [f"{format(value, form)}{'' if is_good else ' ✗'}" for value, is_good, form in figures]
        self.lines.append(f"{row[:33]:<34}" + "".join(f"{cell:>20}" for cell in cells))
        if not all(is_good for _value, is_good, _form in figures):
            self.faults.append(f"misses a budget: {self.lines[-1]}")

    def say(self) -> list[str]:
        print("\n".join(self.lines), flush=True)
        return self.faults
