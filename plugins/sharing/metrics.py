"""The metrics of sharing: what each means, and what it needs to be shown."""

from lrs.plugin import Metric
from plugins.sharing.cascades import cascade_breadth, cascade_depth, cascade_size, structural_virality
from plugins.sharing.departments import cross_group_share
from plugins.sharing.reach import reach
from plugins.sharing.shares import sharer_rate, sharers, shares
from plugins.sharing.spread import amplification, half_life

_VIEWS = (
    "Views count where a sender tells them of the shared thing or of something below it. Those of discussion threads, "
    "of course material, and of what nobody is known to have made or shared (a recommended book) are only kept with "
    "the setting `follow_everything`."
)
_PARENTS = (
    "A sender that does not tell what a repost passes on makes it a share of its own; what passes on something that "
    "was made but not shared starts a cascade."
)
_MEDIAN_AND_MAX = {"median": "median over the same cascades", "max": "the greatest"}
_NO_CASCADE = "null: nothing was shared"

METRICS = (
    Metric(
        id="shares",
        title="Shares",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="shares, reposts and recommendations in the window; one that was taken back no longer counts",
        no_data="0: nothing was shared",
        source="count, as in the social templates of Learning Locker",
        beside={"reposts": "those that pass on another's post", "recommendations": "those to somebody"},
        counts=True,
        compute=shares,
    ),
    Metric(
        id="sharers",
        title="People who share",
        unit="people",
        range=(0, None),
        direction="higher",
        definition="distinct people who shared, reposted or recommended in the window",
        no_data="0: nobody shared",
        source="count",
        counts=True,
        compute=sharers,
    ),
    Metric(
        id="sharer_rate",
        title="Rate of sharers",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition="people on the roster who shared, reposted or recommended in the window, divided by the roster",
        no_data="null: nobody shared; with no_roster: nobody is known to belong there",
        source="own definition, over a roster that includes the silent",
        min_denominator=10,
        compute=sharer_rate,
    ),
    Metric(
        id="reach",
        title="Reach",
        unit="people",
        range=(0, None),
        direction="higher",
        definition=(
            "distinct people who viewed something that another shared in the window, or something below it, at or "
            "after the time it was shared; over all shares of the window together"
        ),
        no_data="0: nobody is known to have viewed anything shared",
        source="reach as seen by people, SWOOP Analytics; the possible audience is told apart from it",
        limits=_VIEWS,
        beside={"possible_audience": "those, and who was then a member of a community that another shared it into"},
        counts=True,
        compute=reach,
    ),
    Metric(
        id="cascade_size",
        title="Size of cascades",
        unit="n",
        range=(1, None),
        direction="neutral",
        definition=(
            "mean number of shares in a cascade, a share with all that pass it on, directly or not, up to now; over "
            "cascades that start in the window, of which one that nobody passed on has one share"
        ),
        no_data=_NO_CASCADE,
        source="Goel, Anderson, Hofman & Watts 2015",
        limits=_PARENTS,
        beside=_MEDIAN_AND_MAX,
        looks_back=True,
        min_denominator=10,
        compute=cascade_size,
    ),
    Metric(
        id="cascade_depth",
        title="Depth of cascades",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="mean over cascades that start in the window of the greatest distance from the start, in reposts",
        no_data=_NO_CASCADE,
        source="Goel, Anderson, Hofman & Watts 2015",
        limits=_PARENTS,
        beside=_MEDIAN_AND_MAX,
        looks_back=True,
        min_denominator=10,
        compute=cascade_depth,
    ),
    Metric(
        id="cascade_breadth",
        title="Breadth of cascades",
        unit="n",
        range=(1, None),
        direction="neutral",
        definition="mean over cascades that start in the window of most shares at one distance from the start",
        no_data=_NO_CASCADE,
        source="Goel, Anderson, Hofman & Watts 2015",
        limits=_PARENTS,
        beside=_MEDIAN_AND_MAX,
        looks_back=True,
        min_denominator=10,
        compute=cascade_breadth,
    ),
    Metric(
        id="structural_virality",
        title="Structural virality",
        unit="n",
        range=(1, None),
        direction="neutral",
        definition=(
            "mean over cascades of two or more that start in the window of the mean distance between any two shares: "
            "near 2 where all pass on one post, higher where they pass on each other's"
        ),
        no_data="null: nobody passed on what was shared",
        source="Goel, Anderson, Hofman & Watts 2015, The Structural Virality of Online Diffusion",
        limits=_PARENTS,
        looks_back=True,
        min_denominator=10,
        compute=structural_virality,
    ),
    Metric(
        id="amplification",
        title="Amplification",
        unit="ratio",
        range=(0, None),
        direction="higher",
        definition=(
            "reposts in the window and reactions in the window, for or against, on what anybody had shared, divided by "
            "the shares of the window; a reaction that was taken back no longer counts"
        ),
        no_data="null: nothing was shared",
        source="own definition",
        limits=(
            "Open edX does not tell that a vote was taken back. Reactions to discussion threads, and to what nobody is "
            "known to have made or shared, are only kept with the setting `follow_everything`."
        ),
        looks_back=True,
        min_denominator=10,
        compute=amplification,
    ),
    Metric(
        id="half_life",
        title="Half-life",
        unit="s",
        range=(0, None),
        direction="neutral",
        definition=(
            "median over shares of the window of the time until half of what others did with one had happened (viewed "
            "it, reacted, passed it on, commented); over those at least four times as old as that"
        ),
        no_data="null: nobody did anything with what was shared, or it is too young to tell",
        source="own definition; of what is younger, more is still to come",
        limits=_VIEWS,
        min_values=5,
        compute=half_life,
    ),
    Metric(
        id="cross_group_share",
        title="Shares across departments",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition=(
            "shares that somebody viewed who then had a department, but none of the sharer's, divided by the shares in "
            "the window of people who had a department when they shared"
        ),
        no_data="null: nobody with a department shared; with no_roster: nobody is known to have one",
        source="own definition",
        limits=_VIEWS,
        min_denominator=10,
        compute=cross_group_share,
    ),
)
