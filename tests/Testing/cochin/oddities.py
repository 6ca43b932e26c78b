"""What years of use leave behind. Gives a list: where it stands, what is written there, and what an importer should make of it."""
import contextlib
import io
import sqlite3

from django.contrib.auth import get_user_model

import create_initial_tables as guide
from database.models import DynamicRecord, DynamicValue

User = get_user_model()


def add_oddities(firm):
    odd = []

    def change(table, record, slug, value, becomes):
        """becomes: the value as Socle shows it; None where it is kept aside."""
        field = firm.field(table, slug)
        DynamicValue.objects.filter(record=record, field=field).delete()
        DynamicValue.objects.create(record=record, field=field, value=value)
        odd.append({'table': table, 'record': record.pk, 'field': slug, 'value': value, 'becomes': becomes})

    projects, quotes, contacts = firm.project_records, firm.quotes, firm.contacts
    # understood
    change('Projet', projects[0], 'date_debut', '05/03/2024', '2024-03-05')
    change('Projet', projects[1], 'date_fin', '1 août 2031', '2031-08-01')
    change('Projet', projects[2], 'statut', 'Terminé', 'termine')
    change('Projet', projects[2], 'date_fin', '2031-01-01', '2031-01-01')
    change('Projet', projects[3], 'type_projet', str(choice_of(firm, 'type_projet', 'formation').pk), 'formation')
    change('Devis', quotes[0], 'montant_ht', '1 234,56', '1234.56')
    change('Devis', quotes[1], 'montant_ht', '99,9 €', '99.90')
    change('Devis', quotes[2], 'montant_ttc', '', '')
    change('Contact', contacts[0], 'poste', '', '')
    # kept aside
    change('Projet', projects[4], 'date_debut', 'courant mars', None)
    change('Projet', projects[5], 'statut', 'archivé', None)
    change('Projet', projects[6], 'contact_principal', '999999', None)
    change('Devis', quotes[3], 'montant_ht', 'à définir', None)
    change('Devis', quotes[4], 'montant_ht', '10.999', '11.00')
    # the text of what nobody typed: tabs, NUL, an emoji, SQL
    change('Projet', projects[7], 'description', "'); DROP TABLE projet; --\t\\N\\.\n💧", "'); DROP TABLE projet; --\t\\N\\.\n💧")
    change('Projet', projects[8], 'nom_projet', 'nul\x00 octet', 'nul\ufffd octet')
    # the same number twice, and a quote that lost its number
    change('Devis', quotes[6], 'numero_devis', quotes_number(quotes[5]), None)
    DynamicValue.objects.filter(record=quotes[7], field=firm.field('Devis', 'numero_devis')).delete()
    # one custom_id for two records, one value twice, a record without any value
    DynamicRecord.objects.filter(pk=projects[9].pk).update(custom_id=projects[0].custom_id)
    DynamicValue.objects.create(record=projects[1], field=firm.field('Projet', 'nom_projet'), value='Un second nom')
    DynamicRecord.objects.create(table=firm.table('Contact'), custom_id=None)
    # a link of which one end is gone, and the guide's script run twice: every choice is there again
    lost = firm.record('DevisParProjet', projet=888888, devis=quotes[0].pk)
    firm.save()
    odd.append({'table': 'DevisParProjet', 'record': lost.pk, 'field': None, 'value': None, 'becomes': None})
    with contextlib.redirect_stdout(io.StringIO()):
        guide.create_choice_data(firm.table('Choix'))
    add_people(firm)
    return odd


def choice_of(firm, category, value):
    records = DynamicRecord.objects.filter(table=firm.table('Choix'), values__field=firm.field('Choix', 'categorie'), values__value=category)
    return records.filter(values__field=firm.field('Choix', 'valeur'), values__value=value).first()


def quotes_number(record):
    return DynamicValue.objects.get(record=record, field__slug='numero_devis').value


def add_people(firm):
    """Accounts that cannot come over as they are."""
    User.objects.create_user('sans.mot.de.passe', 'sans@atelier.example')
    User.objects.create_user('double', 'personne1@atelier.example', 'Parapluie-vert-double-été')
    firm.passwords['double'] = 'Parapluie-vert-double-été'
    User.objects.create_user('nom+bizarre@atelier.example', 'bizarre@atelier.example', 'Parapluie-vert-bizarre-été')
    User.objects.create_user('nom+sans+adresse', '', 'Parapluie-vert-adresse-été')
    other = User.objects.create_user('argon', 'argon@atelier.example', 'Parapluie-vert-argon-été')
    User.objects.filter(pk=other.pk).update(password='argon2$argon2id$v=19$m=102400,t=2,p=8$c2VsIGRlIG1lcg$aGFzaA')


def add_orphans(path):
    """Rows of nothing, as other programs than Django leave them."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO database_dynamicvalue (value, field_id, record_id) SELECT 'orpheline', min(id), 777777 FROM database_dynamicfield")
        connection.execute("INSERT INTO database_dynamicrecord (custom_id, created_at, updated_at, table_id) VALUES (1, '2024-01-01 00:00:00', '2024-01-01 00:00:00', 666666)")
