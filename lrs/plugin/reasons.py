"""What is told of an exception that a plugin raised: whatever it is, it can be written down."""

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
