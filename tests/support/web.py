"""A browser's requests without a browser: cookies, the CSRF token, one connection for each request."""

import http.client
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str


class Web:
    """Requests of one browser to one host.

    Args:
        host: as the address line shows it, port included.
        port: where it really is, on this machine.
    """

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}

    @property
    def cookie_header(self) -> str:
        """The cookies as a header has them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        """Fetch a page."""
        return self._request("GET", path, None, {"HX-Request": "true"} if htmx else {})

    def post(self, path: str, **fields: str) -> Answer:
        """Submit a form.

        Raises:
            OSError: nobody answered.
        """
        body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies.get("parley_csrf", "")})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
        return self._request("POST", path, body, headers)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form.

        Raises:
            AssertionError: it was refused.
        """
        self.get("/signin/")
        answer = self.post("/signin/", username=email, password=password)
        assert answer.status == 302, (answer.status, answer.text[:2000])

    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {"Host": self.host, "Cookie": self.cookie_header, **headers})
            response = connection.getresponse()
            self._keep(response)
            text = response.read().decode(errors="replace")
            return Answer(response.status, text, response.headers.get("Location", ""))
        except http.client.HTTPException as broken:
            raise ConnectionError(repr(broken)) from broken
        finally:
            connection.close()

    def _keep(self, response: http.client.HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
