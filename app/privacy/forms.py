from pydantic import BaseModel

from app.accounts.forms import Email
from app.privacy.erasing import Choice


class ErasureForm(BaseModel):
    choice: Choice


class AddressForm(BaseModel):
    email: Email
