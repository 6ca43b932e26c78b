using System.Collections.Immutable;
using Socle.Catalog;

namespace Socle.Features.OpenApi;

/// <summary>A table with the names that it has in the description.</summary>
/// <param name="Name">Its name in components and operations: letters and digits alone.</param>
/// <param name="Parameters">The components that describe a filter, in the order of the fields.</param>
internal sealed record DescribedTable(TableSnapshot Table, string Name, ImmutableArray<string> Parameters)
{
    /// <summary>The name in the database, which is always understood and always one table's alone.</summary>
    public string Path { get; } = $"/api/{Uri.EscapeDataString(Table.Name)}";

    public string Tag => Table.Name;

    public string Record => Name;

    public string New => $"{Name}.new";

    public string Change => $"{Name}.change";

    public string One => $"{Name}.one";

    public string Many => $"{Name}.many";

    public static IEnumerable<DescribedTable> All(CatalogSnapshot catalog)
    {
        var names = new UniqueNames();
        foreach (var common in TableSchemas.Common)
            names.Take(common);
        var described = new List<DescribedTable>();
        // Names that need no change come first, so that another table never takes theirs.
        foreach (var table in catalog.Tables.OrderBy(table => !table.Name.All(c => char.IsAsciiLetterLower(c) || c == '_')))
        {
            var name = names.Take(table.Name, Operations);
            var fields = new UniqueNames();
            described.Add(new DescribedTable(table, name, [.. table.Fields.Select(field => $"{name}.{fields.Take(field.Name)}")]));
        }

        return described.OrderBy(table => table.Table.Name, StringComparer.Ordinal);
    }

    public static string List(string name) => $"list{name}";

    public static string Create(string name) => $"create{name}";

    public static string Update(string name) => $"update{name}";

    public static string Delete(string name) => $"delete{name}";

    public static string Import(string name) => $"import{name}";

    public static string ById(string verb, string name) => $"{verb}{name}ById";

    private static IEnumerable<string> Operations(string name) =>
        [List(name), Create(name), Update(name), Delete(name), Import(name), ById("get", name), ById("replace", name), ById("update", name), ById("delete", name)];
}
