using System.Collections.Frozen;
using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Rules;

namespace Socle.Catalog;

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
