using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;
using Socle.Schema.Migrations;

namespace Socle.Blueprints.Live;

/// <summary>A request to change the schema.</summary>
/// <param name="Source">What was asked, as it is logged.</param>
/// <param name="Terms">How it is to be made.</param>
/// <param name="Judge">Whether the table is still the one that the caller saw; null where they do not care.</param>
public sealed record EditRequest(string Source, ChangeTerms Terms, Func<LiveTable, Fault?>? Judge = null);

/// <summary>What was done, or would be.</summary>
/// <param name="Table">The table as it is now; as it was where it went. Null for a trial of a new one.</param>
public sealed record SchemaEdit(SchemaPlan Plan, LiveTable? Table, string? Field = null);

/// <summary>
/// Creates, changes and drops tables and fields while the server runs. Takes what a blueprint says of a table, as JSON; gives the
/// plan that was carried out and the table as it is then. Refuses with every fault at once, each with its path in the body.
/// </summary>
public sealed class EditSchema(Database database, SchemaChange changes)
{
    public async Task<ImmutableArray<LiveTable>> List(CancellationToken cancellation)
    {
        var tables = await LiveTables.List(database.Maintenance, cancellation);
        return changes.FindRefusal() is { } closed ? [.. tables.Select(table => table with { WhyNot = table.WhyNot ?? closed.Message })] : tables;
    }

    public async Task<Result<LiveTable>> Get(string name, CancellationToken cancellation) => EditTargets.Table(await List(cancellation), name);

    /// <summary>What there is nothing to write of.</summary>
    public static Fault NotLookedAfter { get; } = new(
        FaultCode.Conflict,
        "Socle does not look after this database yet. 'socle adopt --blueprint FILE' writes what it holds.",
        "Socle ne s'occupe pas encore de cette base. « socle adopt --blueprint FICHIER » écrit ce qu'elle contient.");

    public static Fault NoField(LiveTable table, string name) => table.Blueprint is null ? EditTargets.NotEditable(table) : EditTargets.NoField(table, name);

    /// <summary>The tables as the text of a blueprint, with the roles and policies that somebody made.</summary>
    /// <param name="name">The blueprint's; null for one after the database.</param>
    /// <param name="language">Of the comments.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public Task<Result<string>> Write(string? name, Language language, CancellationToken cancellation) => Write(database.Maintenance, name, language, cancellation);

    public static async Task<Result<string>> Write(NpgsqlDataSource dataSource, string? name, Language language, CancellationToken cancellation)
    {
        if (name is not null && !BlueprintNames.IsName(name))
            return new Fault(FaultCode.InvalidValue, "A blueprint's name is made of small letters a-z, digits and _, beginning with a letter.", "Le nom d'un blueprint est fait de minuscules a-z, chiffres et _, en commençant par une lettre.", "name");
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var tables = await LiveTables.List(connection, cancellation);
        if (tables.All(table => table.Blueprint is null))
            return new Fault(FaultCode.NotFound, "The database has no table that a blueprint could make.", "La base n'a aucune table qu'un blueprint puisse créer.");
        return LiveBlueprint.Write(name ?? BlueprintWriter.NameOf(connection.Database), tables, await LiveAccess.Read(connection, cancellation), await LiveViews.Read(connection, [.. tables.Select(table => table.Blueprint).OfType<TableBlueprint>()], cancellation), language);
    }

    /// <summary>What of a body cannot be read at all; null when it can, and may be given to the others.</summary>
    public static Fault? Check(JsonElement body) => JsonTree.Check(body);

    public Task<Result<SchemaEdit>> Create(JsonElement body, EditRequest request, CancellationToken cancellation) => Run(
        request,
        live =>
        {
            var draft = TableDraft.New();
            draft.Change(body);
            return TableChange.Read(draft, live);
        },
        cancellation);

    public Task<Result<SchemaEdit>> Change(string table, JsonElement body, EditRequest request, CancellationToken cancellation) =>
        Edit(table, draft => draft.Change(body), request, cancellation);

    public Task<Result<SchemaEdit>> Drop(string table, EditRequest request, CancellationToken cancellation) => Run(
        request,
        live => Find(live, table, request) is var found && found.IsFault ? found.Faults : new TableChange(found.Value, null, new Dictionary<string, string>(), live),
        cancellation);

    public async Task<Result<SchemaEdit>> AddField(string table, JsonElement body, EditRequest request, CancellationToken cancellation)
    {
        var name = body.TryGetProperty("name", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()! : "";
        var made = await Edit(table, draft => draft.Fields.Add(body), request, cancellation);
        return EditTargets.OfField(made, name, name);
    }

    public async Task<Result<SchemaEdit>> ChangeField(string table, string field, JsonElement body, EditRequest request, CancellationToken cancellation)
    {
        var name = field;
        var changed = await Edit(table, draft => draft.Fields.Change(name = EditTargets.Field(draft, field), body), request, cancellation);
        return EditTargets.OfField(changed, name, body.TryGetProperty("name", out var to) && to.ValueKind == JsonValueKind.String ? to.GetString()! : name);
    }

    public async Task<Result<SchemaEdit>> DropField(string table, string field, EditRequest request, CancellationToken cancellation)
    {
        var name = field;
        var dropped = await Edit(table, draft => draft.Fields.Remove(name = EditTargets.Field(draft, field)), request, cancellation);
        return EditTargets.OfField(dropped, name, name);
    }

    private Task<Result<SchemaEdit>> Edit(string table, Action<TableDraft> edit, EditRequest request, CancellationToken cancellation) => Run(
        request,
        live =>
        {
            var found = Find(live, table, request);
            if (found.IsFault)
                return found.Faults;
            var draft = TableDraft.Of(found.Value);
            edit(draft);
            return TableChange.Read(draft, live);
        },
        cancellation);

    private static Result<LiveTable> Find(ImmutableArray<LiveTable> live, string name, EditRequest request)
    {
        var found = EditTargets.Table(live, name);
        if (found.IsFault)
            return found;
        if (request.Judge?.Invoke(found.Value) is { } stale)
            return stale;
        return found.Value.Blueprint is null ? EditTargets.NotEditable(found.Value) : found;
    }

    /// <summary>A blueprint that describes the table still says what it says.</summary>
    private static IEnumerable<Text> Notes(TableChange change) => change.Before?.KeptBy is { } blueprint
        ? [new(
            $"The blueprint {blueprint} describes this table. Where it says otherwise, applying it again (a server that is started with it does) puts that back.",
            $"Le blueprint {blueprint} décrit cette table. Là où il dit autre chose, l'appliquer de nouveau (un serveur démarré avec lui le fait) le rétablit.")]
        : [];

    private async Task<Result<SchemaEdit>> Run(EditRequest request, Func<ImmutableArray<LiveTable>, Result<TableChange>> decide, CancellationToken cancellation)
    {
        TableChange? change = null;
        var plan = await changes.Apply(Plan, request.Source, request.Terms, cancellation);
        if (plan.IsFault)
            return plan.Faults;
        var name = change!.After?.Name ?? change.Before!.Name;
        var table = request.Terms.IsTrial || change.After is null ? change.Before : (await List(CancellationToken.None)).FirstOrDefault(other => other.Name == name);
        return new SchemaEdit(plan.Value with { Notes = [.. plan.Value.Notes, .. Notes(change)] }, table);

        async Task<Result<ImmutableArray<SchemaStep>>> Plan(NpgsqlConnection connection)
        {
            var decided = decide(await LiveTables.List(connection, cancellation));
            if (decided.IsFault)
                return decided.Faults;
            change = decided.Value;
            return await ChangeSteps.Plan(connection, change, cancellation);
        }
    }
}
