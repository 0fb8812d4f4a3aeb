"""How likely dormant customers come back: by what those before them did."""

# Days dormant after which customers are looked at apart.
BOUNDS = (0, 180, 365, 730)
# Fewer customers say nothing.
LEAST = 10


def get_stage(days):
    """Return how many of the bounds lie behind somebody dormant for so many days.

    >>> [get_stage(days) for days in (0, 179, 180, 400, 5000)]
    [0, 0, 1, 2, 3]
    """
    return sum(days >= bound for bound in BOUNDS[1:])


def get_rates(returned, still):
    """Return the chance to come back from each stage on, as life tables reckon it.

    Who is dormant still and in a stage counts for half of it, as on average they have
    lived through half of it (the actuarial estimate). The chances of a stage and those
    after it are chained, so that the rate of a stage is that ever to come back.

    :param returned: for each stage, how many came back within it
    :param still: for each stage, how many are dormant and in it today
    :return: list of floats from 0 to 1; None where fewer than ``LEAST`` were seen

    >>> [round(rate, 2) for rate in get_rates([40, 20, 0, 0], [0, 0, 0, 40])]
    [0.6, 0.33, 0.0, 0.0]
    >>> get_rates([3, 0, 0, 0], [2, 0, 0, 0])[0] is None
    True
    """
    rates, stays = [], 1.0
    for stage in reversed(range(len(BOUNDS))):
        reached = sum(returned[stage:]) + sum(still[stage:])
        seen = reached - still[stage] / 2
        stays *= 1 - returned[stage] / seen if seen else 1
        rates.append(1 - stays if reached >= LEAST else None)
    return rates[::-1]
