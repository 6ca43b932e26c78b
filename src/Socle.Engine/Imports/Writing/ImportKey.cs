using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Imports.Writing;

/// <summary>By which fields a row's record is found.</summary>
/// <param name="IgnoresCase">The fields are unique whatever the case of their letters.</param>
internal sealed record ImportKey(ImmutableArray<FieldSnapshot> Fields, bool IgnoresCase)
{
    public string Matches(string one, string other) =>
        string.Join(" AND ", Fields.Select(field => $"{Side(one, field)} = {Side(other, field)}"));

    /// <summary>The asked fields, or the table's own key where the file has all of it; null when every row is a new record.</summary>
    public static Result<ImportKey?> Find(TableSnapshot table, ImmutableArray<string> asked, ImmutableArray<MappedColumn> mapped)
    {
        if (asked.IsEmpty)
            return table is { PrimaryKey.IsEmpty: false, IsUpdatable: true } && table.PrimaryKey.All(field => Has(mapped, field)) ? new ImportKey(table.PrimaryKey, false) : (ImportKey?)null!;
        var fields = asked.Select(name => table.FindField(name)).ToList();
        var unknown = asked.Where((_, i) => fields[i] is not { } field || !Has(mapped, field)).ToList();
        if (unknown.Count > 0)
            return Missing(unknown[0]);
        var known = fields.OfType<FieldSnapshot>().ToImmutableArray();
        var unique = table.Uniques.Where(candidate => candidate.Definition is not null && candidate.Fields.ToHashSet().SetEquals(known)).OrderByDescending(candidate => candidate.IsPlain).FirstOrDefault();
        return unique is null ? NotUnique(table, asked) : new ImportKey(known, !unique.IsPlain && unique.Definition!.Contains("lower(", StringComparison.Ordinal));
    }

    private string Side(string alias, FieldSnapshot field)
    {
        var column = $"{alias}.{Sql.Identifier(field.Name)}";
        return IgnoresCase && field.ColumnType.Kind == PgKind.Text ? $"lower({column})" : column;
    }

    private static bool Has(ImmutableArray<MappedColumn> mapped, FieldSnapshot field) => mapped.Any(column => column.Field == field);

    private static Fault Missing(string name) => new(
        FaultCode.InvalidRequest,
        $"The key '{name}' is no column of the file.",
        $"La clé « {name} » n'est pas une colonne du fichier.",
        "key");

    private static Fault NotUnique(TableSnapshot table, ImmutableArray<string> asked) => new(
        FaultCode.InvalidRequest,
        $"key={string.Join(',', asked)}: '{table.Name}' has no unique constraint on exactly these fields.",
        $"key={string.Join(',', asked)} : « {table.Name} » n'a pas de contrainte d'unicité sur ces champs exactement.",
        "key");
}
