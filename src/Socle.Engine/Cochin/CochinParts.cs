using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using static Socle.Cochin.CochinReader;

namespace Socle.Cochin;

/// <summary>Reads what stands beside the records: rules, people, and what has no place in Socle. A part that the file has in another form is left out, and counted.</summary>
internal sealed class CochinParts(SqliteFile file, Dictionary<string, HashSet<string>> columns, CancellationToken cancellation)
{
    private const string Rules = "conditional_fields_conditionalfieldrule";
    private const string Options = "conditional_fields_conditionalfieldoption";
    private const string History = "authentication_passwordhistory";

    private static readonly string[] RuleColumns = ["id", "table_id", "source_field_id", "operator", "value", "target_field_id", "action"];
    /// <summary>The app's own, else Django's.</summary>
    private static readonly string[] UserTables = ["authentication_user", "auth_user"];
    private static readonly string[] UserColumns = ["id", "username", "password", "is_superuser", "is_staff", "is_active"];

    /// <summary>Django's own tables, which hold nothing of a firm's.</summary>
    private static readonly HashSet<string> Machinery = ["django_migrations", "django_content_type", "django_session", "auth_permission", "database_dynamictable", "database_dynamicfield", "database_dynamicrecord", "database_dynamicvalue"];

    /// <summary>What people, records, fields and tables have and Socle takes over, or has its own of.</summary>
    private static readonly HashSet<string> Taken =
    [
        "id", "name", "slug", "description", "created_at", "updated_at", "table_id", "field_type", "is_required", "order", "related_table_id", "custom_id",
        "record_id", "field_id", "value",
    ];

    private string? Users => UserTables.FirstOrDefault(table => Has(table, UserColumns));

    public async Task<ImmutableArray<CochinRule>> ReadRules()
    {
        if (!Has(Rules, RuleColumns))
            return [];
        var options = !Has(Options, ["rule_id", "value"]) ? [] : await file.List(
            $"SELECT json_array(rule_id, value) FROM {Options} ORDER BY rule_id, {Column(Options, "\"order\"", "id")}", row => (Rule: Number(row[0]), Value: Word(row[1])), cancellation);
        var byRule = options.ToLookup(option => option.Rule, option => option.Value);
        return
        [
            .. await file.List(
                $"SELECT json_array(id, {Column(Rules, "name", "''")}, table_id, source_field_id, operator, value, target_field_id, action, {Column(Rules, "action_value", "''")}, {Column(Rules, "message", "''")}, {Column(Rules, "is_active", "1")}) FROM {Rules} ORDER BY {Column(Rules, "\"order\"", "id")}, id",
                row => new CochinRule(
                    Number(row[0]) ?? 0, Word(row[1]), Number(row[2]) ?? 0, Number(row[3]) ?? 0, Word(row[4]), Word(row[5]), Number(row[6]) ?? 0, Word(row[7]), Word(row[8]), Word(row[9]), IsTrue(row[10]), [.. byRule[Number(row[0])]]),
                cancellation),
        ];
    }

    public async Task<ImmutableArray<CochinUser>> ReadUsers()
    {
        if (Users is not { } table)
            return [];
        var former = !Has(History, ["user_id"]) || Column(History, "password_hash", Column(History, "password", "")) is not { Length: > 0 } hash ? [] : await file.List(
            $"SELECT json_array(user_id, {hash}, {Column(History, "created_at", "NULL")}) FROM {History} ORDER BY id", row => (User: Number(row[0]), Password: new FormerPassword(Word(row[1]), Moment(row[2]))), cancellation);
        var byUser = former.ToLookup(item => item.User, item => item.Password);
        return
        [
            .. await file.List(
                $"SELECT json_array(id, username, {Column(table, "email", "''")}, {Column(table, "first_name", "''")} || ' ' || {Column(table, "last_name", "''")}, is_superuser, is_staff, is_active, password, {Column(table, "password_changed_at", "NULL")}, {Column(table, "last_login", "NULL")}, {Column(table, "date_joined", "NULL")}) FROM {table} ORDER BY id",
                row => ReadUser(row, byUser),
                cancellation),
        ];
    }

    /// <summary>The file's other tables that hold something, and columns of the known ones that hold something and have no place.</summary>
    public async Task<ImmutableArray<LeftOut>> ReadLeftOut()
    {
        var left = ImmutableArray.CreateBuilder<LeftOut>();
        HashSet<string> read = [.. Machinery, .. new[] { Users, Has(History, ["user_id"]) ? History : null, Has(Rules, RuleColumns) ? Rules : null, Has(Options, ["rule_id", "value"]) ? Options : null }.OfType<string>()];
        foreach (var table in columns.Keys.Except(read).Order(StringComparer.Ordinal))
        {
            if (await Count($"SELECT json_array(count(*)) FROM {Quoted(table)}") is > 0 and var rows)
                left.Add(new LeftOut(table, null, rows));
        }

        foreach (var table in Machinery.Where(table => table.StartsWith("database_", StringComparison.Ordinal)))
        {
            foreach (var column in columns[table].Except(Taken).Order(StringComparer.Ordinal))
            {
                if (await Count($"SELECT json_array(count({Quoted(column)})) FROM {table}") is > 0 and var rows)
                    left.Add(new LeftOut(table, column, rows));
            }
        }

        return left.ToImmutable();
    }

    private static CochinUser ReadUser(JsonElement row, ILookup<long?, FormerPassword> former)
    {
        ImmutableArray<FormerPassword> passwords = [.. former[Number(row[0])]];
        return new CochinUser(
            Number(row[0]) ?? 0, Word(row[1]), Word(row[2]), Word(row[3]).Trim(), IsTrue(row[4]), IsTrue(row[5]), IsTrue(row[6]), Word(row[7]),
            Moment(row[8]) ?? passwords.Max(password => password.At), Moment(row[9]), Moment(row[10]), passwords);
    }

    private async Task<long> Count(string sql) => (await file.List(sql, row => Number(row[0]) ?? 0, cancellation))[0];

    private bool Has(string table, string[] needed) => columns.TryGetValue(table, out var found) && needed.All(found.Contains);

    private string Column(string table, string column, string otherwise) => columns[table].Contains(column.Trim('"')) ? column : otherwise;

    /// <summary>Django writes moments as UTC, without saying so.</summary>
    internal static DateTimeOffset? Moment(JsonElement value) =>
        DateTimeOffset.TryParse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
