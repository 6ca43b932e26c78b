using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Rules;

namespace Socle.Catalog;

/// <summary>
/// Everything the server knows of the database's shape, read at one moment. Immutable; swapped whole
/// when the database changes, so that a request sees one shape from its first room to its last.
/// </summary>
public sealed class CatalogSnapshot
{
    private readonly FrozenDictionary<string, TableSnapshot> _byName;
    private readonly FrozenDictionary<TableSnapshot, ImmutableArray<Relation>> _relations;
    private readonly ImmutableArray<TableSnapshot> _ownTables;
    private readonly ConcurrentDictionary<string, CatalogSnapshot> _byRole = new();
    private RoleSnapshot? _seenBy;

    /// <param name="tables">Where two have a name in common that is none of the served ones, the first one has it.</param>
    /// <param name="version">Which reading it is.</param>
    /// <param name="hasSystemSchema">Whether the database holds Socle's own tables.</param>
    /// <param name="access">Who may do what; the built-in rules when nothing is said.</param>
    /// <param name="ownTables">What may be seen of Socle's own accounts and files: reached through references only, and never served by itself.</param>
    public CatalogSnapshot(IReadOnlyList<TableSnapshot> tables, long version, bool hasSystemSchema = true, AccessRules? access = null, ImmutableArray<TableSnapshot> ownTables = default)
    {
        _ownTables = ownTables.IsDefault ? [] : ownTables;
        Access = access ?? AccessRules.BuiltIn;
        (tables, Broken) = ComputedFields.Resolve(tables, _ownTables);
        Tables = [.. tables.OrderBy(table => table.Name, StringComparer.Ordinal)];
        Version = version;
        HasSystemSchema = hasSystemSchema;
        _relations = Relations.Find([.. Tables, .. _ownTables]).ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());
        var byName = tables.ToDictionary(table => table.Name);
        foreach (var name in new Func<TableName, string>[] { name => name.Qualified, name => name.Api, name => ApiNames.ToCamelCase(name.Qualified), name => name.Relation, name => ApiNames.ToCamelCase(name.Relation) })
        {
            foreach (var table in tables)
                byName.TryAdd(name(table.Names), table);
        }

        _byName = byName.ToFrozenDictionary();
    }

    public static CatalogSnapshot Empty { get; } = new([], 0);

    /// <summary>Grows by one with each swap.</summary>
    public long Version { get; }

    /// <summary>Whether the database holds Socle's own tables; an adopted database holds none.</summary>
    public bool HasSystemSchema { get; }

    /// <summary>Who may do what.</summary>
    public AccessRules Access { get; }

    /// <summary>Computed fields that are not there, because what they go through is not, or may not be seen.</summary>
    public ImmutableArray<BrokenField> Broken { get; }

    /// <summary>
    /// The part of it that the caller may see: tables they may not read are not there, nor are fields. Nobody sees nothing.
    /// </summary>
    public CatalogSnapshot For(Caller caller)
    {
        if (caller.IsOperator)
            return this;
        if (Access.FindRole(caller.Role) is not { } role)
            return Empty;
        return role.IsAdmin || role == _seenBy ? this : _byRole.GetOrAdd(role.Name, _ => For(role));
    }

    private CatalogSnapshot For(RoleSnapshot role)
    {
        var seen = from table in Tables
                   let rights = Access.RightsOf(role, table.Names)
                   where rights.Allows(PolicyAction.Read)
                   select table.For(rights);
        return new CatalogSnapshot([.. seen], Version, HasSystemSchema, Access, _ownTables) { _seenBy = role };
    }

    /// <summary>Tables and views of the served schemas, by name.</summary>
    public ImmutableArray<TableSnapshot> Tables { get; }

    /// <summary>The table of that name, written as in the database, as schema.table, or in camelCase.</summary>
    public TableSnapshot? FindTable(string name) => _byName.GetValueOrDefault(name);

    /// <summary>How the table is related to others, from foreign keys: both directions, and through junction tables.</summary>
    public ImmutableArray<Relation> RelationsOf(TableSnapshot table) => _relations.GetValueOrDefault(table, []);

    public Result<TableSnapshot> GetTable(string name)
    {
        if (FindTable(name) is { } table)
            return table;
        var near = Suggestion.Find(name, Tables.Select(candidate => candidate.Name));
        return new Fault(
            FaultCode.NotFound,
            near is null ? $"There is no table '{name}'." : $"There is no table '{name}'. Did you mean '{near}'?",
            near is null ? $"Il n'y a pas de table « {name} »." : $"Il n'y a pas de table « {name} ». Vouliez-vous dire « {near} » ?");
    }
}

public enum TableKind
{
    Table,
    View,
    MaterializedView,
    ForeignTable,
}

/// <summary>A table or view as it stands in the database, with what the blueprint adds to it.</summary>
public sealed class TableSnapshot
{
    private readonly FrozenDictionary<string, FieldSnapshot> _byName;

    public TableSnapshot(TableName names, TableKind kind, IReadOnlyList<FieldSnapshot> fields)
    {
        Names = names;
        SqlName = Sql.Identifier(names.Schema, names.Relation);
        Kind = kind;
        Fields = [.. fields];
        var byName = fields.ToDictionary(field => field.Name);
        foreach (var field in fields)
            byName.TryAdd(field.ApiName, field);
        _byName = byName.ToFrozenDictionary();
    }

    public TableName Names { get; }

    public string Schema => Names.Schema;

    /// <summary>The name under which it is served: as in the database, or schema.table where that is another's.</summary>
    public string Name => Names.Served;

    /// <summary>The name in camelCase.</summary>
    public string ApiName => Names.Api;

    /// <summary>Schema and name as SQL text.</summary>
    public string SqlName { get; }

    public TableKind Kind { get; }

    /// <summary>The fields in the order in which people see them.</summary>
    public ImmutableArray<FieldSnapshot> Fields { get; }

    /// <summary>Fields without a column as they are described; those that can be computed are among <see cref="Fields"/> too.</summary>
    public ImmutableArray<ComputedField> Computed { get; init; } = [];

    /// <summary>The columns of the primary key, also where the role may not see them: PostgreSQL lets it use them all the same.</summary>
    internal ImmutableArray<string> KeyColumns { get => field.IsDefault ? [.. PrimaryKey.Select(key => key.Name)] : field; init; }

    /// <summary>The columns of the primary key; empty when there is none.</summary>
    public required ImmutableArray<FieldSnapshot> PrimaryKey { get; init; }

    /// <summary>Unique constraints and indexes, the primary key among them.</summary>
    public required ImmutableArray<UniqueSnapshot> Uniques { get; init; }

    public required ImmutableArray<ForeignKeySnapshot> ForeignKeys { get; init; }

    /// <summary>Names of check and exclusion constraints with the fields that they speak of.</summary>
    public required ImmutableArray<CheckSnapshot> Checks { get; init; }

    /// <summary>The fields that <c>q</c> searches.</summary>
    public required ImmutableArray<FieldSnapshot> SearchFields { get; init; }

    /// <summary>What people call it; the name itself when nobody said.</summary>
    public required Text Label { get; init; }

    /// <summary>Whether rows can be written: tables, and views that PostgreSQL can update, as far as the database's user may.</summary>
    public required bool IsInsertable { get; init; }

    public required bool IsUpdatable { get; init; }

    public required bool IsDeletable { get; init; }

    /// <summary>Whether its rows lie in partitions, which are no tables of their own here.</summary>
    public bool IsPartitioned { get; init; }

    /// <summary>Whether PostgreSQL tells the version of a row that is read.</summary>
    public bool HasVersions => Kind == TableKind.Table;

    /// <summary>The same of a row that is written: a partition's is lost on its way back.</summary>
    public bool ReturnsVersions => HasVersions && !IsPartitioned;

    /// <summary>Whether every change of its records is kept.</summary>
    public bool HasHistory { get; init; }

    /// <summary>Its conditional rules; of those that do not fit its fields any more, none.</summary>
    public RuleSet Rules { get; init; } = RuleSet.None;

    /// <summary>What the role that sees it may do to it.</summary>
    public TableRights Rights { get; init; } = TableRights.All;

    /// <summary>The same table as a role sees it.</summary>
    public TableSnapshot For(TableRights rights)
    {
        var seen = With(Fields.Where(field => field.Way is null && rights.AllowsField(PolicyAction.Read, field.Name)), rights);
        return Computed.IsEmpty ? seen : seen.WithComputed([.. Computed.Where(field => rights.AllowsField(PolicyAction.Read, field.Name))], []);
    }

    /// <summary>The same table with these computed fields, and no others.</summary>
    internal TableSnapshot WithComputed(ImmutableArray<ComputedField> described, IEnumerable<FieldSnapshot> resolved)
    {
        // Columns that nobody put in order come after those that somebody did, as they do without computed fields.
        var columns = Fields.Where(field => field.Way is null).ToList();
        var taken = columns.SelectMany(field => new[] { field.Name, field.ApiName }).ToHashSet();
        var fields = columns.Concat(resolved.Select(field => taken.Add(field.ApiName) ? field : field.At(0, field.Name))).OrderBy(field => field.Position ?? int.MaxValue);
        return With(fields, Rights, described);
    }

    private TableSnapshot With(IEnumerable<FieldSnapshot> chosen, TableRights rights, ImmutableArray<ComputedField> computed = default)
    {
        var fields = chosen.Select((field, i) => field.At(i, field.ApiName)).ToList();
        var byName = fields.ToDictionary(field => field.Name);
        ImmutableArray<FieldSnapshot> Seen(IEnumerable<FieldSnapshot> all) => [.. all.Where(field => byName.ContainsKey(field.Name)).Select(field => byName[field.Name])];
        bool AreSeen(IEnumerable<FieldSnapshot> all) => all.All(field => byName.ContainsKey(field.Name));
        return new TableSnapshot(Names, Kind, fields)
        {
            // A key that needs a field which is not seen is none.
            PrimaryKey = AreSeen(PrimaryKey) ? Seen(PrimaryKey) : [],
            Uniques = [.. Uniques.Where(unique => AreSeen(unique.Fields)).Select(unique => unique with { Fields = Seen(unique.Fields) })],
            ForeignKeys = [.. ForeignKeys.Where(key => key.Columns.All(byName.ContainsKey))],
            Checks = [.. Checks.Where(check => check.Columns.All(byName.ContainsKey))],
            SearchFields = Seen(SearchFields),
            Label = Label,
            IsInsertable = IsInsertable && rights.Allows(PolicyAction.Create),
            IsUpdatable = IsUpdatable && rights.Allows(PolicyAction.Update),
            IsDeletable = IsDeletable && rights.Allows(PolicyAction.Delete),
            IsPartitioned = IsPartitioned,
            HasHistory = HasHistory,
            Rules = Rules,
            Rights = rights,
            Computed = computed.IsDefault ? [] : computed,
            KeyColumns = KeyColumns,
        };
    }

    /// <summary>The field of that name, written as in the database or in camelCase.</summary>
    public FieldSnapshot? FindField(string name) => _byName.GetValueOrDefault(name);

    public override string ToString() => Name;
}

/// <summary>One column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ApiName">The name on the camelCase doors.</param>
/// <param name="ColumnType">The column's PostgreSQL type.</param>
/// <param name="Type">What the field means: how it is checked, filtered and shown.</param>
/// <param name="Settings">What the blueprint says of it beyond its type.</param>
/// <param name="IsRequired">NOT NULL.</param>
/// <param name="Default">The column's default as SQL text, from the catalog; null when none.</param>
/// <param name="IsReadOnly">Kept by the database (generated columns; autonumbers; updated_at and created_at where a blueprint asked for them): sent values must equal the stored ones.</param>
/// <param name="IsIdentity">GENERATED … AS IDENTITY.</param>
/// <param name="FindLabel">What the blueprint calls it, if it says.</param>
public sealed record FieldSnapshot(
    string Name,
    string ApiName,
    PgType ColumnType,
    FieldType Type,
    FieldSettings Settings,
    bool IsRequired,
    string? Default,
    bool IsReadOnly,
    bool IsIdentity,
    Text? FindLabel = null)
{
    /// <summary>Its text to write is made with it, so it changes only through <see cref="At"/>.</summary>
    public string ApiName { get; } = ApiName;

    /// <summary>The name on the camelCase doors, ready to be written.</summary>
    public JsonEncodedText ApiKey { get; } = JsonEncodedText.Encode(ApiName, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>What its type works on.</summary>
    public FieldShape Shape { get; } = new(ColumnType, Settings);

    /// <summary>Its place among the table's fields.</summary>
    public int Ordinal { get; init; }

    /// <summary>The number that orders it among the others, where somebody said.</summary>
    public int? Position { get; init; }

    /// <summary>How it is computed from other tables; null for a column.</summary>
    public FieldWay? Way { get; init; }

    /// <summary>What people call it; the name itself when nobody said.</summary>
    public Text Label => FindLabel ?? new Text(Name, Name);

    /// <summary>Whether a statement may give it a value at all; what is merely kept (created_at, a number) is given where it brings none.</summary>
    public bool IsInsertable => !IsReadOnly || Type is AutonumberField || (Default is not null && !IsIdentity);

    /// <summary>A field is itself and no other: comparing all that is known of two would only cost time.</summary>
    public bool Equals(FieldSnapshot? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The same column, placed and named among the others.</summary>
    public FieldSnapshot At(int ordinal, string apiName) =>
        new(Name, apiName, ColumnType, Type, Settings, IsRequired, Default, IsReadOnly, IsIdentity, FindLabel) { Ordinal = ordinal, Position = Position, Way = Way };

    public override string ToString() => Name;
}
