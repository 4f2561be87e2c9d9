"""Whether black or white is read better on a tenant's colour (WCAG 2.2)."""

WHITE, INK = "#ffffff", "#10141a"


def ink_on(colour: str) -> str:
    """The text colour with the better contrast.

    Args:
        colour: the ground, such as ``#2f5bd7``.
    """
    ground = _luminance(colour)
    return WHITE if _contrast(ground, _luminance(WHITE)) >= _contrast(ground, _luminance(INK)) else INK


def _contrast(one: float, other: float) -> float:
    darker, lighter = sorted((one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
