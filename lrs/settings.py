"""Settings of a process, read once from the environment in `app`, `worker` and `cli` and passed down."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from lrs.errors import StartupError


class Settings(BaseSettings):
    """Each field is the variable `LRS_<FIELD>`; the descriptions are the documentation."""

    model_config = SettingsConfigDict(env_prefix="LRS_", frozen=True, env_ignore_empty=True)

    mongodb_url: str | None = Field(default=None, description="a replica set to use; without it a private mongod runs")
    data_dir: Path = Field(default=Path("data"), description="where the private mongod keeps its files")
    mongod: Path | None = Field(default=None, description="the mongod binary; else PATH, else the `embedded` extra")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8080, description="port to listen on; 0: a free one")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(default=1, description="HTTP processes of `lrs serve`")
    worker: Literal["on", "off"] = Field(default="on", description="whether `lrs serve` also runs the worker")
    api_key: str | None = Field(default=None, description="key of the first credential, which may do everything")
    api_secret: SecretStr | None = Field(default=None, description="its secret; made and printed once when absent")
    public_url: str | None = Field(default=None, description="the address clients use, behind a proxy")
    timezone: str = Field(default="UTC", description="time zone of days, weeks and months, an IANA name")
    min_group: Annotated[int, Field(ge=5)] = Field(default=5, description="least people shown; may only be raised")
    max_body_bytes: Annotated[int, Field(ge=1)] = Field(default=10_000_000, description="longest JSON body taken")
    max_attachment_bytes: Annotated[int, Field(ge=1)] = Field(default=512_000_000, description="longest attachment")
    log_format: Literal["text", "json"] = Field(default="text", description="how log lines are written")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is not an IANA time zone such as Europe/Berlin") from error
        return value

    @property
    def public_path(self) -> str:
        """The path of LRS_PUBLIC_URL, which a proxy takes away before it passes a request on."""
        return urlsplit(self.public_url or "").path.rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def from_environment() -> Settings:
    """Read the settings. Raises: StartupError naming the variable and what it takes."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        variable = f"LRS_{'_'.join(str(part) for part in first['loc']).upper()}"
        raise StartupError("a setting can't be used", where=variable, why=first["msg"]) from error
