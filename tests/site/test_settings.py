from pathlib import Path

import pytest

from app.main import create_app
from app.settings import PREFIX, Settings, UnsafeSetting

SAFE = {
    "environment": "production",
    "secret_key": "a-key-of-more-than-thirty-two-characters",
    "base_url": "https://buurtlab.example.nl",
    "mail_url": "smtp://mail.example.nl:25",
}


def make(**fields: str) -> Settings:
    return Settings(_env_file=None, **{**SAFE, **fields})


@pytest.mark.parametrize("name", [PREFIX + name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in Path("README.md").read_text()


def test_safe_settings_go_into_production() -> None:
    make().refuse_unsafe()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("secret_key", "short"),
        ("secret_key", "only-for-development-never-in-production"),
        ("base_url", "http://buurtlab.example.nl"),
        ("mail_url", "console:"),
        ("rate_limits", "off"),
    ],
)
def test_production_refuses_to_start_with_an_unsafe_setting_and_says_which(field: str, value: str) -> None:
    with pytest.raises(UnsafeSetting, match=PREFIX + field.upper()):
        create_app(make(**{field: value}))


def test_rate_limits_may_be_off_on_loopback() -> None:
    make(base_url="http://127.0.0.1:8000", rate_limits="off").refuse_unsafe()


def test_a_secret_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "key"
    secret.write_text("from-a-file\n")
    monkeypatch.setenv("BUURTLAB_SECRET_KEY_FILE", str(secret))
    assert Settings(_env_file=None).secret_key == "from-a-file"


def test_a_malformed_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="environment"):
        make(environment="staging")
