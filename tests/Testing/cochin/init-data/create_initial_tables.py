#!/usr/bin/env python3
"""
Script pour créer les tables business par défaut
"""
import os
import sys
import django

# Configuration Django
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'app.settings')
django.setup()

from django.contrib.auth import get_user_model
from database.models import DynamicTable, DynamicField

User = get_user_model()

def create_initial_tables():
    print("  Création des tables business...")
    
    # Obtenir l'utilisateur admin
    admin_user = User.objects.filter(is_superuser=True).first()
    if not admin_user:
        print(" Aucun admin trouvé")
        return
    
    # Définition des tables à créer
    tables_config = {
        'Contact': [
            ('nom', 'text', True),
            ('prenom', 'text', False),
            ('email', 'text', False),
            ('telephone', 'text', False),
            ('entreprise', 'text', False),
            ('poste', 'text', False),
        ],
        'Choix': [
            ('categorie', 'text', True),
            ('valeur', 'text', True),
            ('libelle', 'text', True),
            ('ordre', 'number', False),
        ],
        'TableNames': [
            ('nom', 'text', True),
            ('description', 'long_text', False),
            ('actif', 'boolean', False),
        ],
        'Projet': [
            ('nom_projet', 'text', True),
            ('description', 'long_text', False),
            ('date_debut', 'date', False),
            ('date_fin', 'date', False),
            ('statut', 'choice', False),
            ('type_projet', 'choice', False),
            ('contact_principal', 'foreign_key', False),
        ],
        'Devis': [
            ('numero_devis', 'text', True),
            ('nom_devis', 'text', True),
            ('montant_ht', 'decimal', False),
            ('montant_ttc', 'decimal', False),
            ('date_creation', 'date', False),
            ('date_validite', 'date', False),
            ('statut', 'choice', False),
            ('contact', 'foreign_key', False),
        ],
        'DevisParProjet': [
            ('projet', 'foreign_key', True),
            ('devis', 'foreign_key', True),
            ('date_association', 'date', False),
            ('principal', 'boolean', False),
        ],
    }
    
    # Créer les tables
    created_tables = {}
    for table_name, fields in tables_config.items():
        # Vérifier si la table existe déjà
        if DynamicTable.objects.filter(name=table_name).exists():
            print(f"⚠  Table {table_name} existe déjà")
            created_tables[table_name] = DynamicTable.objects.get(name=table_name)
            continue
        
        # Créer la table
        table = DynamicTable.objects.create(
            name=table_name,
            slug=table_name.lower(),
            description=f"Table {table_name} - Créée automatiquement",
            created_by=admin_user
        )
        created_tables[table_name] = table
        print(f"✅ Table {table_name} créée")
        
        # Créer les champs
        for order, (field_name, field_type, is_required) in enumerate(fields, 1):
            field_data = {
                'table': table,
                'name': field_name,
                'slug': field_name.lower().replace(' ', '_'),
                'field_type': field_type,
                'is_required': is_required,
                'order': order
            }
            
            # Gérer les clés étrangères
            if field_type == 'foreign_key':
                if field_name == 'contact_principal' or field_name == 'contact':
                    field_data['related_table'] = created_tables.get('Contact')
                elif field_name == 'projet':
                    field_data['related_table'] = created_tables.get('Projet')
                elif field_name == 'devis':
                    field_data['related_table'] = created_tables.get('Devis')
            
            # Gérer les champs de choix
            elif field_type == 'choice':
                field_data['related_table'] = created_tables.get('Choix')
            
            DynamicField.objects.create(**field_data)
            print(f"  ➕ Champ {field_name} ajouté")
    
    # Créer les données exemple dans Choix
    create_choice_data(created_tables.get('Choix'))
    
    print("🎉 Tables business créées avec succès!")

def create_choice_data(choix_table):
    """Crée les données exemple dans la table Choix"""
    if not choix_table:
        return
    
    from database.models import DynamicRecord, DynamicValue
    
    # Données de choix par défaut
    choice_data = [
        # Statuts projet
        ('statut_projet', 'en_cours', 'En cours', 1),
        ('statut_projet', 'termine', 'Terminé', 2),
        ('statut_projet', 'en_attente', 'En attente', 3),
        ('statut_projet', 'annule', 'Annulé', 4),
        
        # Types projet
        ('type_projet', 'developpement', 'Développement', 1),
        ('type_projet', 'formation', 'Formation', 2),
        ('type_projet', 'prestation', 'Prestation', 3),
        ('type_projet', 'maintenance', 'Maintenance', 4),
        
        # Statuts devis
        ('statut_devis', 'brouillon', 'Brouillon', 1),
        ('statut_devis', 'envoye', 'Envoyé', 2),
        ('statut_devis', 'accepte', 'Accepté', 3),
        ('statut_devis', 'refuse', 'Refusé', 4),
        ('statut_devis', 'expire', 'Expiré', 5),
    ]
    
    # Obtenir les champs de la table Choix
    fields = {field.slug: field for field in choix_table.fields.all()}
    
    for categorie, valeur, libelle, ordre in choice_data:
        # Créer l'enregistrement
        record = DynamicRecord.objects.create(
            table=choix_table,
            custom_id=DynamicRecord.objects.filter(table=choix_table).count() + 1
        )
        
        # Créer les valeurs
        if 'categorie' in fields:
            DynamicValue.objects.create(record=record, field=fields['categorie'], value=categorie)
        if 'valeur' in fields:
            DynamicValue.objects.create(record=record, field=fields['valeur'], value=valeur)
        if 'libelle' in fields:
            DynamicValue.objects.create(record=record, field=fields['libelle'], value=libelle)
        if 'ordre' in fields:
            DynamicValue.objects.create(record=record, field=fields['ordre'], value=str(ordre))
    
    print("✅ Données de choix créées")

if __name__ == '__main__':
    create_initial_tables()
