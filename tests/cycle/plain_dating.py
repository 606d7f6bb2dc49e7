"""The dating rules once more, one path at a time with lists, to hold the array version against."""

from collections.abc import Sequence

from bn_analysis.cycle.bry_boschan import Rules

Point = tuple[int, int]  # position, +1 peak or -1 trough


def date_one(values: Sequence[float], rules: Rules) -> list[Point]:
    """Turning points of one path."""
    points = _alternating(_local_extremes(values, rules.window), values)
    kept = [
        point
        for before, point in zip([None, *points], points, strict=False)
        if not (before and point[1] == -1 and values[point[0]] > values[before[0]])
    ]
    points = _alternating(kept, values)
    while True:
        former = points
        points = _long_cycles(points, values, rules.cycle)
        inside = [point for point in points if rules.end <= point[0] < len(values) - rules.end]
        points = _within_end_values(_alternating(inside, values), values)
        points = _long_cycles(points, values, rules.cycle)
        points = _long_phases(points, values, rules.phase)
        points = _within_end_values(points, values)
        if points == former:
            return points


def _local_extremes(values: Sequence[float], window: int) -> list[Point]:
    found = []
    for position in range(window, len(values) - window):
        around = values[position - window : position + window + 1]
        if max(around) == min(around):
            continue
        if values[position] == max(around):
            found.append((position, 1))
        if values[position] == min(around):
            found.append((position, -1))
    return found


def _alternating(points: list[Point], values: Sequence[float]) -> list[Point]:
    chosen: list[Point] = []
    for position, sign in sorted(points):
        if chosen and chosen[-1][1] == sign:
            held = values[chosen[-1][0]]
            better = values[position] >= held if sign == 1 else values[position] < held
            if better:
                chosen[-1] = (position, sign)
        else:
            chosen.append((position, sign))
    return chosen


def _long_cycles(points: list[Point], values: Sequence[float], cycle: int) -> list[Point]:
    peaks = _spaced([position for position, sign in points if sign == 1], [+v for v in values], cycle)
    troughs_left = [point for point in points if point[1] == -1]
    both = _alternating([(position, 1) for position in peaks] + troughs_left, values)
    troughs = _spaced([position for position, sign in both if sign == -1], [-v for v in values], cycle)
    return _alternating([(p, 1) for p in peaks] + [(t, -1) for t in troughs], values)


def _spaced(positions: list[int], height: list[float], cycle: int) -> list[int]:
    kept = positions[:1]
    for position in positions[1:-1]:
        if position - kept[-1] >= cycle:
            kept.append(position)
        elif height[position] > height[kept[-1]]:
            kept[-1] = position
    return kept + positions[1:][-1:]


def _long_phases(points: list[Point], values: Sequence[float], phase: int) -> list[Point]:
    points, at = list(points), 0
    while at + 1 < len(points):
        if points[at + 1][0] - points[at][0] < phase:
            points = _alternating(points[: at + 1] + points[at + 2 :], values)
        else:
            at += 1
    return points


def _within_end_values(points: list[Point], values: Sequence[float]) -> list[Point]:
    points = list(points)
    while points:
        first, last = points[0], points[-1]
        drop_first = first[1] * values[0] > first[1] * values[first[0]]
        drop_last = last[1] * values[-1] > last[1] * values[last[0]]
        if not (drop_first or drop_last):
            break
        points = points[1 if drop_first else 0 : -1 if drop_last else None]
    return points
