from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickPBKDF2(PBKDF2PasswordHasher):
    """Django's pbkdf2_sha256, so that a thousand accounts do not take minutes."""

    iterations = 20000
