"""What an authenticator app reads with the camera. The library is loaded at the first use."""

from io import BytesIO

import pyotp

from app.accounts.models import Person


def setup_address(secret: str, person: Person, city: str) -> str:
    """An otpauth:// address: whose account it is, and where."""
    issuer = f"Buurtlab {city}".strip()
    return pyotp.TOTP(secret).provisioning_uri(name=person.email or person.display_name, issuer_name=issuer)


def draw_setup_picture(address: str) -> bytes:
    """A QR code as SVG, black on white in a dark page too, without style of its own."""
    import segno

    picture = BytesIO()
    segno.make(address, micro=False).save(
        picture, kind="svg", scale=5, border=4, light="#fff", svgclass=None, lineclass=None
    )
    return picture.getvalue()
