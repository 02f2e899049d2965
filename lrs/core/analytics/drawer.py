"""A program that draws Vega-Lite specifications: one request a line on its input, one picture each on its output.

It is run by its path (see `drawing`) and knows nothing of the LRS. A request is JSON, {spec, config, form, scale}; the
answer a line with its kind, `picture` or `fault`, and its length in bytes, and then the bytes. It ends with its input,
or when nothing was asked for a minute: the engine takes 110 MB.
"""

import json
import os
import re
import sys
import threading
from typing import Any

import vl_convert

IDLE_S = 60.0

_OUTSIDE = re.compile(r"""<image\b[^>]*?href=["'](?!data:)([^"']*)""")


def main() -> None:
    """Answer until there is nothing to do."""
    while True:
        idle = threading.Timer(IDLE_S, os._exit, [0])
        idle.daemon = True
        idle.start()
        line = sys.stdin.buffer.readline()
        idle.cancel()
        if not line:
            return
        kind, content = _answer(line)
        sys.stdout.buffer.write(b"%s %d\n%s" % (kind, len(content), content))
        sys.stdout.buffer.flush()


def _answer(line: bytes) -> tuple[bytes, bytes]:
    request = json.loads(line)
    try:
        svg = _svg(request["spec"], request["config"])
        drawn = svg.encode() if request["form"] == "svg" else vl_convert.svg_to_png(svg, scale=request["scale"])
    except ValueError as error:
        return b"fault", str(error).encode()
    return b"picture", drawn


def _svg(spec: dict[str, Any], config: dict[str, Any]) -> str:
    svg = vl_convert.vegalite_to_svg(spec, config=config, allowed_base_urls=[])
    if outside := _OUTSIDE.search(svg):  # the empty list stands for data only; an image would be loaded for a PNG
        raise ValueError(f"External image not allowed: {outside[1][:100]}")
    return svg


if __name__ == "__main__":
    main()
