"""The rig itself: what it promises to notice, it notices."""

import pytest

from tests.browser.people import axe

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
BROKEN = """<!doctype html><html><body style="color: red"><h3>Broken</h3><img src="/missing.png">
<img src="http://elsewhere.example/pixel.png"><input><script>document.body.hidden = true</script></body></html>"""


@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
@pytest.mark.parametrize("device", ["phone"], indirect=True)
def test_the_rig_notices_a_broken_page(visitor):
    page = visitor()
    page.route(
        "**/broken",
        lambda route: route.fulfill(
            body=BROKEN, headers={"Content-Security-Policy": POLICY}, content_type="text/html"
        ),
    )
    page.goto("/broken")

    noticed = "\n".join(visitor.faults.found)
    visitor.faults.found.clear()
    assert "inline style" in noticed
    assert "inline script" in noticed
    assert "asked another host: http://elsewhere.example/pixel.png" in noticed
    assert f"404 for {visitor.portal.address}/missing.png" in noticed
    with pytest.raises(AssertionError, match="html-has-lang"):
        axe(page)
    visitor.faults.found.clear()
