"""Files in a browser: how they are brought, and the chips that show them."""

import base64

from tests.support.media import picture

BRING = """([selector, kind, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type}));
  const target = document.querySelector(selector);
  const options = {bubbles: true, cancelable: true};
  if (kind === "paste") target.dispatchEvent(new ClipboardEvent("paste", {...options, clipboardData: data}));
  else for (const step of kind.split(" ")) target.dispatchEvent(new DragEvent(step, {...options, dataTransfer: data}));
}"""


def given(name, content, media_type):
    return {"name": name, "mimeType": media_type, "buffer": content}


def bring(place, selector, kind, file):
    """Paste a file into an element, or drag it over."""
    content = base64.b64encode(file["buffer"]).decode()
    place.evaluate(BRING, [selector, kind, file["name"], file["mimeType"], content])


def chips(place):
    return place.get_by_role("list", name="Files to be sent").get_by_role("listitem")


PHOTO = given("receipt.png", picture(size=(900, 600)), "image/png")


def pictures_loaded(list_):
    script = "(list) => [...list.querySelectorAll('.file-picture img')].map((image) => image.naturalWidth)"
    return list_.evaluate(script)
