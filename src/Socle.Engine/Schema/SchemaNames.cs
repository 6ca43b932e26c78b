using System.Security.Cryptography;
using System.Text;
using Socle.FieldTypes;
using Socle.Postgres;

namespace Socle.Schema;

/// <summary>The names of what is made beside tables and columns. They tell what they are for, because faults show them.</summary>
public static class SchemaNames
{
    /// <summary>The schema whose tables are served.</summary>
    public const string Served = "public";

    /// <summary>The comment on everything made from a blueprint beside tables: what bears it may be dropped again.</summary>
    public const string Mark = "made by Socle from a blueprint";

    /// <summary>PostgreSQL's NAMEDATALEN less its final zero.</summary>
    private const int LongestName = 63;

    /// <summary><c>uq_clients_email</c>; a name too long for PostgreSQL ends in a hash of the whole, so that it stays its own.</summary>
    public static string For(string prefix, string table, params IEnumerable<string> fields)
    {
        var name = string.Join('_', [prefix, table, .. fields]);
        if (name.Length <= LongestName)
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        return $"{name[..(LongestName - hash.Length - 1)]}_{hash}";
    }

    /// <summary>The table of the served schema, as SQL text.</summary>
    public static string Table(string name) => Sql.Identifier(Served, name);

    /// <summary>Socle's own accounts, to which a reference may lead.</summary>
    public const string Accounts = "socle_system.users";

    /// <summary>The table that a reference leads to, as SQL text: one of the served schema, or of Socle's own.</summary>
    public static string Target(string name) => name is Accounts or FileField.Files ? name : Table(name);

    /// <summary>Columns as SQL text: <c>"a", "b"</c>.</summary>
    public static string List(IEnumerable<string> columns) => string.Join(", ", columns.Select(Sql.Identifier));

    /// <summary>What follows an ALTER TABLE so that these columns need no value.</summary>
    public static string Loosen(IEnumerable<string> columns) => string.Concat(columns.Select(column => $", ALTER COLUMN {Sql.Identifier(column)} DROP NOT NULL"));

    /// <summary>The same as a value of type regclass.</summary>
    public static string Relation(string name) => Sql.Literal(Table(name)) + "::regclass";
}
