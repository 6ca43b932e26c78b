#!/usr/bin/env python3
"""
Makes a Cochin Project Manager database as Django writes it: its own migrations, the guide's own create_initial_tables.py,
then a firm's work of some years, through the ORM.

    generate.py FILE.sqlite3 [--projects N] [--seed S] [--clean]

Writes FILE.sqlite3.json beside it: what was put in, for tests to compare with. Without --clean some of it is as odd as
people and programs leave it: French dates, decimal commas, links to nothing, the same thing twice, values of another type.
"""
import argparse
import json
import os
import sys

parser = argparse.ArgumentParser()
parser.add_argument('file')
parser.add_argument('--projects', type=int, default=40)
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('--clean', action='store_true')
options = parser.parse_args()

here = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [here, os.path.join(here, 'init-data')]
os.environ['COCHIN_DB'] = os.path.abspath(options.file)
os.environ['DJANGO_SETTINGS_MODULE'] = 'app.settings'

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

import create_initial_tables as guide  # noqa: E402
from firm import Firm  # noqa: E402
from oddities import add_oddities, add_orphans  # noqa: E402


def main():
    call_command('migrate', verbosity=0, interactive=False)
    # As the guide's entrypoint.sh does it, its password included.
    get_user_model().objects.create_superuser('admin', 'admin@project-manager.local', 'changeme')
    with open(os.devnull, 'w') as nowhere:
        sys.stdout, terminal = nowhere, sys.stdout
        guide.create_initial_tables()
        sys.stdout = terminal
    with transaction.atomic():
        firm = Firm(options.projects, options.seed)
        firm.fill()
        odd = [] if options.clean else add_oddities(firm)
    if not options.clean:
        add_orphans(options.file)
    with open(options.file + '.json', 'w', encoding='utf-8') as truth:
        json.dump({'odd': odd, **firm.truth()}, truth, ensure_ascii=False, indent=1)


if __name__ == '__main__':
    main()
