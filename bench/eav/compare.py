#!/usr/bin/env python3
"""
The same records twice: as rows of values, which is how Cochin Project Manager keeps them (Django's ORM over SQLite), and as the ordinary
tables that 'socle import cochin' makes of them (over HTTP). The same three requests to both, turn by turn; answers are compared before
anything is timed. Called by script/bench --eav.
"""
import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COCHIN = os.path.join(ROOT, 'tests', 'Testing', 'cochin')
SOCLE = os.path.join(ROOT, 'out', 'socle')

parser = argparse.ArgumentParser()
parser.add_argument('--projects', type=int, default=20000, help='projects, and as many quotes (default 20000)')
parser.add_argument('--turns', type=int, default=30)
parser.add_argument('--json', action='store_true')
options = parser.parse_args()


def main():
    folder = tempfile.mkdtemp(prefix='socle-eav-')
    server = None
    try:
        database, data = os.path.join(folder, 'db.sqlite3'), os.path.join(folder, 'data')
        say(f'writing {options.projects} projects with Django')
        subprocess.run(['/usr/bin/python3', os.path.join(COCHIN, 'generate.py'), database, '--projects', str(options.projects), '--clean'], check=True)
        started = time.perf_counter()
        imported = subprocess.run([SOCLE, 'import', 'cochin', database, '--data', data], stdout=subprocess.PIPE, check=False)
        if imported.returncode not in (0, 3):
            sys.exit('the import failed')
        say(f'imported in {time.perf_counter() - started:.1f} s')
        server, port = serve(data)
        eav, tables = Eav(database), Tables(port)
        rows = [measure(name, getattr(eav, name), getattr(tables, name)) for name in ('filter', 'list', 'sum')]
        report(rows, os.path.getsize(database), eav.count())
    finally:
        if server is not None:
            server.send_signal(signal.SIGTERM)
            server.wait()
        shutil.rmtree(folder)


def serve(data):
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, 'ANONYMOUS_ROLE': 'viewer', 'LOG_LEVEL': 'error'}
    server = subprocess.Popen([SOCLE, 'serve', '--blueprint', 'cochin', '--data', data, '--port', str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection('127.0.0.1', port)
            connection.request('GET', '/health')
            if connection.getresponse().status == 200:
                return server, port
        except OSError:
            pass
        time.sleep(0.1)
    server.kill()
    sys.exit('the server does not answer')


class Eav:
    """As that app asks: one join a condition, values fetched beside their records."""

    def __init__(self, database):
        os.environ['COCHIN_DB'], os.environ['DJANGO_SETTINGS_MODULE'] = database, 'app.settings'
        sys.dont_write_bytecode = True
        sys.path.insert(0, COCHIN)
        import django
        django.setup()
        from django.db import models
        from django.db.models import functions
        from database import models as cochin
        self.db, self.functions, self.cochin = models, functions, cochin
        self.fields = {(field.table.slug, field.slug): field for field in cochin.DynamicField.objects.select_related('table')}

    def count(self):
        return self.cochin.DynamicValue.objects.count()

    def value_of(self, table, slug, record='pk'):
        values = self.cochin.DynamicValue.objects.filter(record=self.db.OuterRef(record), field=self.fields[table, slug])
        return self.db.Subquery(values.values('value')[:1])

    def projects(self):
        return self.cochin.DynamicRecord.objects.filter(table__slug='projet').annotate(debut=self.value_of('projet', 'date_debut'))

    def answer(self, records):
        records = records.order_by('debut', 'pk')[:50].prefetch_related('values__field')
        return [{'id': record.pk, **{value.field.slug: value.value for value in record.values.all()}} for record in records]

    def filter(self):
        records = self.projects()
        for slug, condition in [('statut', {'value': 'en_cours'}), ('type_projet', {'value': 'developpement'}), ('date_debut', {'value__gte': '2023-01-01'})]:
            records = records.filter(values__field=self.fields['projet', slug], **{f'values__{key}': value for key, value in condition.items()})
        return self.answer(records)

    def list(self):
        return self.answer(self.projects())

    def sum(self):
        amount = self.functions.Cast(self.value_of('devis', 'montant_ht', 'record'), self.db.FloatField())
        rows = self.cochin.DynamicValue.objects.filter(field=self.fields['devis', 'statut']).values('value').annotate(total=self.db.Sum(amount))
        return {row['value']: round(row['total'], 2) for row in rows}


class Tables:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection('127.0.0.1', port)

    def get(self, table, **parameters):
        self.connection.request('GET', f'/api/{table}?{urllib.parse.urlencode(parameters)}')
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f'Socle answered {answer.status}: {body.decode()}')
        return json.loads(body)['data']

    def filter(self):
        return self.get('projet', statut='eq.en_cours', type_projet='eq.developpement', date_debut='gte.2023-01-01', order='date_debut,id', limit=50)

    def list(self):
        return self.get('projet', order='date_debut,id', limit=50)

    def sum(self):
        return {row['statut']: round(float(row['sum']), 2) for row in self.get('devis', select='statut,montant_ht.sum()')}


def same(eav, tables):
    if isinstance(eav, dict):
        return eav == tables
    return [record['id'] for record in eav] == [int(record['id'][-12:], 16) for record in tables] and all(
        one['nom_projet'] == other['nomProjet'] and one.get('statut') == other['statut'] and one.get('date_fin') == other['dateFin'] for one, other in zip(eav, tables))


def measure(name, eav, tables):
    if not same(eav(), tables()):
        sys.exit(f'the answers to {name} differ')
    times = []
    for _ in range(options.turns):
        times.append((timed(eav), timed(tables)))
    ratios = sorted(one / other for one, other in times)
    return {
        'request': name, 'eavMs': statistics.median(one for one, _ in times), 'socleMs': statistics.median(other for _, other in times),
        'ratio': statistics.median(ratios), 'least': ratios[0], 'most': ratios[-1]}


def timed(call):
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def report(rows, size, values):
    if options.json:
        print(json.dumps({'projects': options.projects, 'values': values, 'sqliteBytes': size, 'turns': options.turns, 'requests': rows}, indent=1))
        return
    print(f'{options.projects} projects and as many quotes, {values} values; medians of {options.turns} turns')
    print('| request | rows of values: Django, SQLite | tables: Socle, HTTP | times as fast (least to most) |\n|---|---|---|---|')
    for row in rows:
        print(f"| {row['request']} | {row['eavMs']:.1f} ms | {row['socleMs']:.1f} ms | {row['ratio']:.1f} ({row['least']:.1f} to {row['most']:.1f}) |")


def say(text):
    print(f'socle: {text}', file=sys.stderr)


if __name__ == '__main__':
    main()
