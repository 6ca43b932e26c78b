"""As little of Django as the tables need. The database's file is named by COCHIN_DB."""
import os
import sys

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, BASE_DIR)
SECRET_KEY = 'only-for-a-generated-database'
USE_TZ = True
TIME_ZONE = 'Europe/Paris'
LANGUAGE_CODE = 'fr-fr'
AUTH_USER_MODEL = 'authentication.User'
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.environ['COCHIN_DB']}}
INSTALLED_APPS = [
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    'authentication',
    'database',
    'conditional_fields',
    'backup_manager',
]
# The generator makes many accounts: the hashes are Django's own, with fewer rounds than its default.
PASSWORD_HASHERS = ['app.hashers.QuickPBKDF2', 'django.contrib.auth.hashers.PBKDF2PasswordHasher']
