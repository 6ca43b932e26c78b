using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Running;

/// <summary>What PostgreSQL refused of a transaction as a whole, at its beginning or its end: only its answer tells the table, if any.</summary>
internal static class TransactionFaults
{
    private static readonly TableSnapshot Unnamed = new(new TableName("", "transaction", "transaction", "transaction"), TableKind.Table, [])
    {
        PrimaryKey = [],
        Uniques = [],
        ForeignKeys = [],
        Checks = [],
        SearchFields = [],
        Label = new Text("transaction", "transaction"),
        IsInsertable = false,
        IsUpdatable = false,
        IsDeletable = false,
    };

    public static Fault? Find(Exception exception, CatalogSnapshot snapshot) =>
        DatabaseFaults.Find(exception, snapshot.FindTable((exception as PostgresException)?.TableName ?? "") ?? Unnamed, kind: null);
}
