"""A firm's work: contacts, projects, quotes and tables of its own, as EAV rows through the ORM."""
import datetime
import random

from django.contrib.auth import get_user_model
from django.db.models import Count
from django.utils import timezone

from authentication.models import PasswordHistory
from backup_manager.models import BackupConfiguration, BackupHistory
from conditional_fields.models import ConditionalFieldOption, ConditionalFieldRule
from database.models import DynamicField, DynamicRecord, DynamicTable, DynamicValue

User = get_user_model()
FIRST = ['Élodie', 'Jérôme', 'Zoé', 'François', 'Maëlle', 'Noël', 'Inès', 'Anaïs', 'Loïc', 'Chloé']
LAST = ["D'Hérouville", 'Lefèvre', 'Müller', 'Bœuf', 'Le Goff', 'Garçon', 'Côté', 'Nguyễn', 'Œuvrard', 'Lacroix-Dupré']
CITIES = ['Besançon', 'Saint-Étienne', 'Nîmes', "L'Haÿ-les-Roses", 'Orléans']
WORDS = ['rénovation', 'étude', 'façade', 'réseau', 'œuvre', 'intranet', 'chaufferie', 'formation', 'atelier', 'piscine']
# Longer than the twelve characters that Socle asks for; the same for nobody.
PASSWORD = 'Parapluie-vert-{}-été'


class Firm:
    def __init__(self, projects, seed):
        self.projects, self.random = projects, random.Random(seed)
        self.values, self.next_custom = [], {}
        self.passwords = {'admin': 'changeme'}

    def fill(self):
        self.people()
        self.own_tables()
        contacts = [self.contact(i) for i in range(max(3, self.projects // 4))]
        projects = [self.project(i, contacts) for i in range(self.projects)]
        quotes = [self.quote(i, contacts) for i in range(self.projects)]
        for i in range(self.projects):
            self.record('DevisParProjet', projet=projects[i].pk, devis=quotes[i].pk, date_association=self.day(), principal=self.yes_no(i))
        for name in ('Interne', 'Client', 'Sous-traitance'):
            self.record('TableNames', nom=name, description=f'Projets de type {name}\nvoir la charte', actif='True')
        self.vehicles(contacts)
        self.hours(projects)
        self.save()
        self.rules()
        self.backups()
        self.contacts, self.quotes, self.project_records = contacts, quotes, projects

    # what the parts below use

    def record(self, table_name, **values):
        """The next record of a table; its values wait for save()."""
        table = self.table(table_name)
        custom = self.next_custom.get(table.pk)
        if custom is None:
            custom = DynamicRecord.objects.filter(table=table).count() + 1
        self.next_custom[table.pk] = custom + 1
        record = DynamicRecord.objects.create(table=table, custom_id=custom)
        for slug, value in values.items():
            if value is not None:
                self.values.append(DynamicValue(record=record, field=self.field(table_name, slug), value=str(value)))
        return record

    def save(self):
        DynamicValue.objects.bulk_create(self.values, batch_size=300)
        self.values = []

    def table(self, name):
        return self._cached('tables', name, lambda: DynamicTable.objects.get(name=name))

    def field(self, table_name, slug):
        return self._cached('fields', (table_name, slug), lambda: DynamicField.objects.get(table=self.table(table_name), slug=slug))

    def _cached(self, what, key, find):
        cache = self.__dict__.setdefault('_' + what, {})
        if key not in cache:
            cache[key] = find()
        return cache[key]

    def make_table(self, name, slug, fields):
        table = DynamicTable.objects.create(name=name, slug=slug, description=f'Table {name}', created_by=User.objects.get(username='admin'))
        for order, (field, field_slug, kind, required, related) in enumerate(fields, 1):
            DynamicField.objects.create(
                table=table, name=field, slug=field_slug, field_type=kind, is_required=required, order=order,
                related_table=table if related == name else self.table(related) if related else None)
        return table

    def day(self):
        return (datetime.date(2021, 1, 4) + datetime.timedelta(days=self.random.randrange(1500))).isoformat()

    def yes_no(self, number):
        return ['True', 'False', 'true', 'false', '1', '0'][number % 6]

    def text(self):
        return ' '.join(self.random.choices(WORDS, k=4)).capitalize()

    # the firm

    def people(self):
        for i in range(5):
            name = f'{FIRST[i].lower()}.martin' if i else 'chef'
            password = PASSWORD.format(i)
            user = User.objects.create_user(name, f'personne{i}@atelier.example', password, first_name=FIRST[i], last_name='Martin', is_staff=i < 2, is_active=i != 4)
            self.passwords[name] = password
            user.password_changed_at = timezone.now() - datetime.timedelta(days=i)
            user.save()
            for former in range(i % 3):
                user.set_password(f'Kayak-turquoise-{i}{former}-grenouille')
                PasswordHistory.objects.create(user=user, password_hash=user.password)
        User.objects.create_superuser('patronne', 'patronne@atelier.example', PASSWORD.format('patronne'))
        self.passwords['patronne'] = PASSWORD.format('patronne')

    def own_tables(self):
        self.make_table('Véhicule', 'vehicule', [
            ('Immatriculation', 'immatriculation', 'text', True, None),
            ('Kilométrage', 'kilometrage', 'number', False, None),
            ('Prix d’achat', 'prix-achat', 'decimal', False, None),
            ('Mise en service', 'mise_en_service', 'date', False, None),
            ('Dernier contrôle', 'dernier_controle', 'datetime', False, None),
            ('En service', 'en_service', 'boolean', False, None),
            ('Courriel du garage', 'courriel', 'email', False, None),
            ('Site', 'site', 'url', False, None),
            ('Téléphone', 'telephone', 'phone', False, None),
            ('État', 'etat', 'choice', False, 'Choix'),
            ('Conducteur', 'conducteur', 'foreign_key', False, 'Contact'),
            ('Remplace', 'remplace', 'foreign_key', False, 'Véhicule'),
            ('Signature', 'signature', 'signature_pad', False, None),
        ])
        self.make_table('Heures passées', 'heures-passees', [
            ('Projet', 'projet', 'foreign_key', True, 'Projet'),
            ('Jour', 'jour', 'date', True, None),
            ('Heures', 'heures', 'number', True, None),
            ('id', 'id', 'text', False, None),
            ('Commentaire', 'commentaire', 'long_text', False, None),
        ])
        DynamicField.objects.create(table=self.table('Projet'), name='Budget prévu', slug='budget_prevu', field_type='decimal', order=20)
        for order, (value, label) in enumerate([('neuf', 'Neuf'), ('use', 'Usé'), ('panne', 'En panne')], 1):
            self.record('Choix', categorie='etat_vehicule', valeur=value, libelle=label, ordre=order)

    def contact(self, i):
        first, last = self.random.choice(FIRST), self.random.choice(LAST)
        return self.record('Contact', nom=last, prenom=first, email=f'contact{i}@client.example', telephone=f'06 39 98 {i % 100:02d} {i // 100 % 100:02d}', entreprise=f'{self.random.choice(CITIES)} & Cie', poste=self.random.choice(['Gérant', 'Chargée d’affaires', 'Développeur']))

    def project(self, i, contacts):
        status = self.random.choice(['en_cours', 'termine', 'en_attente', 'annule'])
        start = self.day()
        return self.record(
            'Projet', nom_projet=f'{self.text()} n° {i}', description=f'{self.text()}.\n\tTabulation, « guillemets », antislash \\ et 💧.' if i % 3 == 0 else self.text(),
            date_debut=start, date_fin=(datetime.date.fromisoformat(start) + datetime.timedelta(days=30 + i % 200)).isoformat() if status == 'termine' or i % 2 else None,
            statut=status, type_projet=self.random.choice(['developpement', 'formation', 'prestation', 'maintenance']),
            contact_principal=self.random.choice(contacts).pk, budget_prevu=f'{1000 + i}.50' if i % 5 == 0 else None)

    def quote(self, i, contacts):
        amount = self.random.randrange(10000, 9000000)
        return self.record(
            'Devis', numero_devis=f'DEV-2024-{i:06d}', nom_devis=self.text(), montant_ht=f'{amount / 100:.2f}', montant_ttc=f'{amount * 12 // 1000 / 10 * 10 / 10:.2f}',
            date_creation=self.day(), date_validite=None if i % 4 else self.day(), statut=self.random.choice(['brouillon', 'envoye', 'accepte', 'refuse', 'expire']),
            contact=self.random.choice(contacts).pk)

    def vehicles(self, contacts):
        former = None
        for i in range(12):
            former = self.record(
                'Véhicule', immatriculation=f'AB-{i:03d}-CD', kilometrage=1000 * i, **{'prix-achat': f'{15000 + i}.90'}, mise_en_service=self.day(),
                dernier_controle=f'2024-0{i % 9 + 1}-12T08:30:00+02:00', en_service=self.yes_no(i), courriel=f'garage{i}@auto.example', site='https://auto.example/été',
                telephone='03 81 00 00 00', etat=['neuf', 'use', 'panne'][i % 3], conducteur=contacts[i % len(contacts)].pk, remplace=former.pk if former else None, signature='svg:<path d="M0 0"/>')

    def hours(self, projects):
        for i in range(self.projects):
            self.record('Heures passées', projet=projects[i % len(projects)].pk, jour=self.day(), heures='7' if i % 3 else '3.5', id=f'h{i}', commentaire=self.text())

    def rules(self):
        project, quote = self.table('Projet'), self.table('Devis')
        def rule(name, table, source, operator, value, target, action, **more):
            return ConditionalFieldRule.objects.create(
                name=name, table=table, source_field=self.field(table.name, source), operator=operator, value=value,
                target_field=self.field(table.name, target), action=action, **more)
        rule('Projet annulé sans type', project, 'statut', 'equals', 'annule', 'type_projet', 'hide')
        rule('Montant pour un devis accepté', quote, 'statut', 'equals', 'accepte', 'montant_ttc', 'require', message='Un devis accepté a un montant TTC.')
        rule('Budget figé', project, 'statut', 'in', 'termine,annule', 'budget_prevu', 'read_only')
        limited = rule('Formation : pas d’attente', project, 'type_projet', 'equals', 'formation', 'statut', 'limit_options')
        for order, value in enumerate(['en_cours', 'termine', 'annule']):
            ConditionalFieldOption.objects.create(rule=limited, value=value, order=order)
        rule('Éteinte', project, 'statut', 'equals', 'annule', 'description', 'hide', is_active=False)
        rule('Motif', project, 'nom_projet', 'regex', '^[A-Z]+', 'description', 'require')

    def backups(self):
        admin = User.objects.get(username='admin')
        daily = BackupConfiguration.objects.create(name='Daily Backup', backup_type='full', frequency='daily', retention_days=30, created_by=admin)
        BackupHistory.objects.create(configuration=daily, status='success', file_path='/app/backups/a.zip')

    def truth(self):
        counts = DynamicTable.objects.annotate(count=Count('records')).values_list('name', 'count')
        return {
            'records': dict(counts),
            'values': DynamicValue.objects.count(),
            'users': User.objects.count(),
            'passwords': self.passwords,
            'firstProject': self.project_records[0].pk,
        }
