"""What is told of an exception, also of a plugin's: whatever it is, it can be written down."""

from traceback import extract_tb

MOST_CHARACTERS = 1_000  # of a reason


def reason(error: BaseException) -> str:
    """Return an exception's type and words, cut, with what is no text in them escaped."""
    try:
        words = str(error)[:MOST_CHARACTERS]
    except KeyboardInterrupt:
        raise
    except BaseException:  # its words are the plugin's own code as well
        words = "its own words can't be read"
    told = f"{type(error).__name__}: {words}"
    return told.encode(errors="backslashreplace").decode()[:MOST_CHARACTERS]


def logged(error: BaseException) -> dict[str, str]:
    """Return what a log tells of an exception: its type and place. Its words may be of a person, and logs are not."""
    at = extract_tb(error.__traceback__)[-1]
    return {"error": type(error).__name__, "at": f"{at.filename}:{at.lineno}"}
