"""What can go wrong on purpose. The edge turns each into an answer."""


class Refused(Exception):
    """The union's rules do not allow it now. The message is shown to the person as it stands."""


class Hidden(Exception):
    """The person may not know whether this exists: a 404."""


class SignInNeeded(Exception):
    """Nobody is signed in and the page needs somebody."""


class TooMany(Exception):
    """Too many tries; `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int):
        super().__init__(message)
        self.retry_after = retry_after
