"""Optimal string alignment, for the one distance the rules ask about."""


def one_typo_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, substitution, swap of neighbours or ll/y exchange separates the two."""
    if one == other:
        return False
    if len(one) > len(other):
        one, other = other, one
    gap = len(other) - len(one)
    if gap > 1:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if gap:
        return left == right[1:] or (left[:1] == "y" and right[:2] == "ll" and left[1:] == right[2:])
    if left[1:] == right[1:]:
        return True
    return left[:2] == right[1::-1] and left[2:] == right[2:]
