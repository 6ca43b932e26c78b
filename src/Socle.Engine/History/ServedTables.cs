using Socle.Catalog;

namespace Socle.History;

internal static class ServedTables
{
    /// <summary>The table as it is served, where it is.</summary>
    public static TableSnapshot? Find(CatalogSnapshot snapshot, string schema, string name) =>
        snapshot.Tables.FirstOrDefault(table => table.Schema == schema && table.Names.Relation == name);
}
