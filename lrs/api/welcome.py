"""What a person sees who opens the server's or the xAPI endpoint's address in a browser."""

from html import escape

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lrs import __version__
from lrs.api.requests import served

router = APIRouter(include_in_schema=False)

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Social LRS</title>
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }}
code {{ overflow-wrap: anywhere }}</style>
<h1>Social LRS {version}</h1>
<p>This is a learning record store. LMSs and learning tools send xAPI statements here, versions 1.0.3 and 2.0.</p>
<h2>Point a client at it</h2>
<dl>
<dt>Endpoint</dt><dd><code>{endpoint}</code></dd>
<dt>Authentication</dt><dd>HTTP Basic with the key and secret of a credential</dd>
<dt>Version header</dt><dd><code>X-Experience-API-Version: 1.0.3</code> or <code>2.0.0</code></dd>
</dl>
<p>Moodle: plugin <em>logstore_xapi</em>, endpoint <code>{endpoint}</code>, key as user name, secret as password.</p>
<p>Analysts start at <a href="{prefix}/docs">the description of the API</a>.</p>
</html>
"""


@router.get("/")
@router.get("/xapi")
async def welcome(request: Request) -> Response:
    settings = served(request).settings
    base = (settings.public_url or str(request.base_url)).rstrip("/")
    page = _PAGE.format(version=__version__, endpoint=escape(f"{base}/xapi"), prefix=escape(settings.public_path))
    return HTMLResponse(page, headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})
