"""What a page looks like in a browser: what is hard to read, too small, or wider than the window."""

from collections.abc import Iterator
from html.parser import HTMLParser

from support.chromium import Page

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
LEAST_PX, LEAST_CONTRAST = 11.9, 4.5

# For each text on the page: its size as it is drawn, and its contrast with what is painted behind it.
_TEXTS = """(() => {
  const numbers = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const solid = colour => { const [, , , a = 1] = numbers(colour); return colour.startsWith('rgb') && a > .5; };
  const light = colour => { const [r, g, b] = numbers(colour).map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = (element, x, y) => {
    for (const one of document.elementsFromPoint(x, y)) {
      const style = getComputedStyle(one);
      if (one !== element && one instanceof SVGGeometryElement && solid(style.fill)) return style.fill;
      if (!(one instanceof SVGElement) && solid(style.backgroundColor)) return style.backgroundColor;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement, text = node.data.trim();
    if (!text || ['SCRIPT', 'STYLE', 'title', 'desc', 'OPTION'].includes(element.tagName)) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const box = range.getClientRects()[0];
    if (!box || box.width < 2 || !element.checkVisibility({ contentVisibilityAuto: true })) continue;
    if (element.closest('.quiet, sup')) continue; // for a screen reader; a mark above the line
    const x = box.x + Math.min(4, box.width / 2), y = box.y + box.height / 2;
    if (x < 0 || x >= innerWidth || y < 0 || y >= innerHeight) continue;
    const style = getComputedStyle(element), svg = element.ownerSVGElement;
    const scale = svg ? svg.getScreenCTM().a : 1;
    const pair = [light(svg ? style.fill : style.color), light(behind(element, x, y))].sort((a, b) => b - a);
    found.push([text.slice(0, 40), parseFloat(style.fontSize) * scale, (pair[0] + .05) / (pair[1] + .05)]);
  }
  return found;
})()"""


def faults(page: Page, url: str, width: int, scheme: str) -> tuple[int, list[str]]:
    """How many texts the page shows, and what is wrong with them and its width."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.tell("Emulation.setEmulatedMedia", media="screen", features=features)
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.tell("Emulation.setDeviceMetricsOverride", **size)
    page.open(url)
    height = min(page.run("document.documentElement.scrollHeight"), 20_000)
    page.tell("Emulation.setDeviceMetricsOverride", **{**size, "height": height})
    texts = page.run(_TEXTS)
    wrong = [f"{text!r}: {px:.1f} px" for text, px, _ in texts if px < LEAST_PX]
    wrong += [
        f"{text!r}: contrast {ratio:.1f}" for text, _, ratio in texts if ratio < LEAST_CONTRAST
    ]
    wide = page.run("document.documentElement.scrollWidth")
    wrong += [f"{wide} px wide"] if wide > width else []
    return len(texts), wrong


def invalid(text: str) -> list[str]:
    """What is wrong with a page as HTML: tags that are not closed or closed crosswise, an id twice."""
    return list(_Tags(text).wrong())


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.found.append(f"line {self.getpos()[0]}: <{tag}> has an attribute twice")
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag in ("p", "ul", "ol", "div", "table", "pre", "details") and "p" in self.open:
            self.found.append(f"line {self.getpos()[0]}: <{tag}> inside <p>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"line {self.getpos()[0]}: </{tag}> closes nothing")

    def wrong(self) -> Iterator[str]:
        yield from self.found
        yield from (f"<{tag}> is not closed" for tag in self.open)
        yield from {f"id {name!r} twice" for name in self.ids if self.ids.count(name) > 1}
