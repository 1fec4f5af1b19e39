"""Headless Chromium without a network, driven by the DevTools protocol over a pair of pipes.

The protocol needs no package: messages are JSON texts, each ended by a zero byte.
"""

import base64
import fcntl
import io
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path

from PIL import Image

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 60  # seconds; a loaded machine is slow to start a browser
LEFT = "navigated or closed"  # of an answer, where the page was left before it was given

# Kept once two frames have been drawn.
_TWO_FRAMES = "new Promise(kept => requestAnimationFrame(() => requestAnimationFrame(kept)))"

# What a page says of an image: where it is, and whether its file was read.
_IMAGES = """[...document.querySelectorAll('img')].map(image => {
  const box = image.getBoundingClientRect();
  return {src: image.src.slice(0, 120), natural: image.complete ? image.naturalWidth : 0,
          x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height};
})"""


class PageLeft(RuntimeError):
    """The page that was asked something was left for another before it could answer."""


def executable() -> str | None:
    """Path of an installed Chromium or Chrome."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def _high(descriptor: int) -> int:
    """The same end of a pipe with a number above 9, which is not one of those to be set."""
    copy = fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10)
    os.close(descriptor)
    return copy


class Page:
    """The one page of a browser.

    Attributes:
        requests: addresses that the page asked for.
        errors: uncaught exceptions, errors on the console and files that could not be loaded.
    """

    def __init__(self, profile: Path):
        self.requests: list[str] = []
        self.errors: list[str] = []
        its_in, self._to = map(_high, os.pipe())
        self._from, its_out = map(_high, os.pipe())
        options = (
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
            "--remote-debugging-pipe", "about:blank",
        )  # fmt: skip
        # The browser reads descriptor 3 and writes descriptor 4.
        command = ["bash", "-c", f'exec "$0" "$@" 3<&{its_in} 4>&{its_out}', executable(), *options]
        log = (profile / "log").open("wb")
        self._process = subprocess.Popen(
            command, pass_fds=(its_in, its_out), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        for descriptor in (its_in, its_out):
            os.close(descriptor)
        self._rest, self._count, self._session = b"", 0, None
        targets = self._send("Target.getTargets")["targetInfos"]
        target = next(t["targetId"] for t in targets if t["type"] == "page")
        attached = self._send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._send(f"{domain}.enable")

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(PATIENCE)
        os.close(self._to)
        os.close(self._from)

    def _message(self, patience: float) -> dict:
        """The next message of the browser."""
        end = time.monotonic() + patience
        while b"\0" not in self._rest:
            if not select.select([self._from], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("the browser says nothing")
            part = os.read(self._from, 1 << 20)
            if not part:
                raise RuntimeError("the browser has ended")
            self._rest += part
        text, _, self._rest = self._rest.partition(b"\0")
        return json.loads(text)

    def _note(self, event: dict) -> None:
        """Keep what an event says of requests and errors."""
        name, params = event.get("method"), event.get("params", {})
        if name == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif name == "Network.loadingFailed" and not params.get("canceled"):
            self.errors.append(f"not loaded: {params['errorText']}")
        elif name == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(params["exceptionDetails"])[:600])
        elif name == "Runtime.consoleAPICalled" and params["type"] in ("error", "assert"):
            self.errors.append(json.dumps(params["args"])[:600])
        elif name == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(params["entry"]["text"])

    def _send(self, method: str, **params) -> dict:
        """Call a method of the protocol and return what it gives."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        message |= {"sessionId": self._session} if self._session else {}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._message(PATIENCE)).get("id") != self._count:
            self._note(answer)
        if LEFT in answer.get("error", {}).get("message", ""):
            raise PageLeft(answer)
        assert "error" not in answer, f"{method}: {answer}"
        return answer["result"]

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def prefer(self, scheme: str) -> None:
        """Be of somebody who prefers pages that are `light`, or `dark`."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._send("Emulation.setEmulatedMedia", features=[feature])

    def open(self, path: Path) -> None:
        """Load a file and wait until it is there, with its images."""
        self._send("Page.navigate", url=path.as_uri())
        self.wait(
            f"document.readyState === 'complete' && location.href.startsWith('{path.as_uri()}')"
        )

    def run(self, script: str):
        """Value of an expression of JavaScript in the page."""
        answer = self._send("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, f"{script}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until an expression is true, with two frames drawn since."""
        end = time.monotonic() + PATIENCE
        while not self._holds(condition):
            assert time.monotonic() < end, f"never true: {condition}; {self.errors}"
            time.sleep(0.05)

    def _holds(self, condition: str) -> bool:
        """Whether an expression is true and stays so for two frames of the same page."""
        try:
            if not self.run(condition):
                return False
            self._send("Runtime.evaluate", expression=_TWO_FRAMES, awaitPromise=True)
        except PageLeft:  # asked while a link was being followed: ask the page that comes
            return False
        return True

    def images(self) -> list[dict]:
        """Source, natural width and box of every image of the page."""
        return self.run(_IMAGES)

    def picture(self, box: dict | None = None) -> Image.Image:
        """What the window shows, or a box of the page, also beyond the window."""
        params = {"format": "png", "captureBeyondViewport": bool(box)}
        if box:
            params["clip"] = {key: box[key] for key in ("x", "y", "width", "height")} | {"scale": 1}
        data = self._send("Page.captureScreenshot", **params)["data"]
        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
