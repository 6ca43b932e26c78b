namespace Socle.Tests.Architecture;

/// <summary>The house's table: who may use whom. A folder that is not here fails, so that a new one is a decision.</summary>
public sealed class HouseTests
{
    /// <summary>Each folder and the folders whose types it may use; a name covers the folders below it.</summary>
    private static readonly Dictionary<string, string[]> Table = new()
    {
        // The engine, from the ground up. It knows no HTTP: that border is the assembly's.
        ["Socle.Kernel"] = [],
        ["Socle.Postgres.Wire"] = [],
        ["Socle.Postgres.Cluster"] = ["Socle.Kernel"],
        ["Socle.Postgres"] = ["Socle.Kernel", "Socle.Postgres.Cluster"],
        ["Socle.Auditing"] = ["Socle.Kernel", "Socle.Postgres"],
        ["Socle.Grammar"] = ["Socle.Kernel"],
        ["Socle.FieldTypes"] = ["Socle.Kernel", "Socle.Postgres"],
        ["Socle.Formulas"] = ["Socle.Kernel", "Socle.Postgres"],
        ["Socle.Rules"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Postgres"],
        ["Socle.Catalog"] = ["Socle.Kernel", "Socle.Grammar", "Socle.FieldTypes", "Socle.Formulas", "Socle.Postgres", "Socle.Rules"],
        ["Socle.Records"] = ["Socle.Kernel", "Socle.Grammar"],
        ["Socle.Records.Planning"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Postgres", "Socle.Catalog", "Socle.FieldTypes", "Socle.Records"],
        ["Socle.Records.Statements"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Catalog", "Socle.FieldTypes", "Socle.Postgres", "Socle.Postgres.Wire", "Socle.Records", "Socle.Records.Planning"],
        ["Socle.Records.Running"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Catalog", "Socle.FieldTypes", "Socle.Postgres", "Socle.Postgres.Wire", "Socle.Records", "Socle.Records.Planning", "Socle.Records.Statements", "Socle.Rules"],
        ["Socle.Records.Export"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Postgres", "Socle.Records", "Socle.Records.Planning", "Socle.Records.Running"],
        ["Socle.Realtime"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Catalog", "Socle.Postgres", "Socle.Records", "Socle.Records.Planning", "Socle.Records.Running"],
        ["Socle.History"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Postgres", "Socle.Catalog", "Socle.Records.Planning", "Socle.Records.Running"],
        ["Socle.Schema"] = ["Socle.Kernel", "Socle.Postgres", "Socle.FieldTypes", "Socle.Catalog", "Socle.Rules"],
        ["Socle.Schema.Migrations"] = ["Socle.Kernel", "Socle.Postgres", "Socle.Schema", "Socle.Catalog", "Socle.Policies"],
        ["Socle.Blueprints"] = ["Socle.Kernel", "Socle.Postgres", "Socle.FieldTypes", "Socle.Formulas", "Socle.Catalog", "Socle.Schema", "Socle.Schema.Migrations", "Socle.Policies", "Socle.Records.Planning", "Socle.Records.Statements", "Socle.Rules", "Socle.Views"],
        ["Socle.Blueprints.Live"] = ["Socle.Kernel", "Socle.Postgres", "Socle.FieldTypes", "Socle.Catalog", "Socle.Schema", "Socle.Schema.Migrations", "Socle.Blueprints", "Socle.Rules", "Socle.Views", "Socle.Formulas"],
        ["Socle.Rules.Editing"] = ["Socle.Kernel", "Socle.Postgres", "Socle.Catalog", "Socle.Rules", "Socle.Schema", "Socle.Schema.Migrations"],
        ["Socle.Views"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Postgres", "Socle.Catalog", "Socle.FieldTypes", "Socle.Records", "Socle.Records.Planning", "Socle.Records.Running"],

        ["Socle.Policies"] = ["Socle.Kernel", "Socle.Grammar", "Socle.Postgres", "Socle.Catalog", "Socle.Records.Planning", "Socle.Records.Statements"],
        ["Socle.Adoption"] = ["Socle.Kernel", "Socle.Catalog"],

        ["Socle.Files"] = ["Socle.Kernel", "Socle.Postgres", "Socle.Catalog"],

        ["Socle.Imports.Reading"] = ["Socle.Kernel"],
        ["Socle.Imports.Values"] = ["Socle.Kernel", "Socle.Postgres", "Socle.FieldTypes", "Socle.Catalog", "Socle.Imports.Reading"],
        ["Socle.Imports"] = ["Socle.Kernel", "Socle.Postgres", "Socle.FieldTypes", "Socle.Catalog", "Socle.Records.Planning", "Socle.Records.Running", "Socle.Imports.Reading", "Socle.Imports.Values", "Socle.Imports.Writing"],
        ["Socle.Imports.Writing"] = ["Socle.Kernel", "Socle.Postgres", "Socle.FieldTypes", "Socle.Catalog", "Socle.Records.Planning", "Socle.Records.Running", "Socle.Imports.Reading", "Socle.Imports.Values"],

        ["Socle.Cochin"] = ["Socle.Kernel", "Socle.Rules", "Socle.Postgres", "Socle.FieldTypes", "Socle.Catalog", "Socle.Schema", "Socle.Blueprints", "Socle.Imports", "Socle.Imports.Reading", "Socle.Imports.Values"],

        // The server: features use the door and the engine, never each other.
        ["Socle.Http"] = ["Socle.Auditing", "Socle.Kernel", "Socle.Postgres", "Socle.Grammar", "Socle.Catalog", "Socle.Records", "Socle.Records.Running", "Socle.Records.Export", "Socle.Realtime"],
        ["Socle.Access.Passwords"] = ["Socle.Kernel"],
        ["Socle.Access.Tokens"] = ["Socle.Kernel"],
        ["Socle.Access.Mail"] = ["Socle.Kernel"],
        ["Socle.Access.Factors"] = [],
        ["Socle.Access"] = ["Socle.Auditing", "Socle.Kernel", "Socle.Postgres", "Socle.Catalog", "Socle.Http", "Socle.Access.Passwords", "Socle.Access.Tokens", "Socle.Access.Factors", "Socle.Access.Mail"],
        ["Socle.Features.*"] = ["Socle.Policies", "Socle.Auditing", "Socle.Access", "Socle.Access.Passwords", "Socle.Access.Tokens", "Socle.Access.Factors", "Socle.Access.Mail", "Socle.Kernel", "Socle.Grammar", "Socle.Catalog", "Socle.FieldTypes", "Socle.Postgres", "Socle.Records", "Socle.Records.Running", "Socle.Http", "Socle.Realtime", "Socle.History", "Socle.Imports", "Socle.Imports.Values", "Socle.Files", "Socle.Schema", "Socle.Schema.Migrations", "Socle.Blueprints.Live", "Socle.Rules", "Socle.Rules.Editing", "Socle.Views"],
        ["Socle.Host"] = ["Socle.Auditing", "Socle.Access", "Socle.Access.Passwords", "Socle.Access.Tokens", "Socle.Access.Mail", "Socle.Kernel", "Socle.Postgres", "Socle.Postgres.Cluster", "Socle.Catalog", "Socle.Records.Running", "Socle.Schema", "Socle.Blueprints", "Socle.Http", "Socle.Features.*", "Socle.Realtime", "Socle.Schema.Migrations", "Socle.History", "Socle.Policies", "Socle.Files", "Socle.Blueprints.Live", "Socle.Rules.Editing", "Socle.FieldTypes", "Socle.Views"],
        ["Socle.Doctor"] = ["Socle.Kernel", "Socle.Postgres", "Socle.Catalog", "Socle.Policies", "Socle.Access", "Socle.Host"],
        ["Socle.Commands"] = ["Socle.Doctor", "Socle.Auditing", "Socle.Access", "Socle.Access.Passwords", "Socle.Access.Tokens", "Socle.Access.Mail", "Socle.Kernel", "Socle.Postgres", "Socle.Grammar", "Socle.Catalog", "Socle.Adoption", "Socle.Records", "Socle.Records.Running", "Socle.Records.Export", "Socle.Blueprints", "Socle.Schema", "Socle.Host", "Socle.Schema.Migrations", "Socle.Imports", "Socle.Imports.Values", "Socle.Blueprints.Live", "Socle.Cochin"],
    };

    [Fact]
    public void Every_folder_uses_only_what_the_table_allows()
    {
        var broken = Uses().Where(use => !Allows(use)).Select(use => $"{use.User} uses {use.Used}").Order().ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void The_table_names_no_folder_that_is_gone()
    {
        var folders = Uses().SelectMany(use => new[] { use.UserFolder, use.UsedFolder }).ToHashSet();
        Assert.All(Table.Keys.Where(key => !key.EndsWith('*')), key => Assert.Contains(key, folders));
    }

    [Fact]
    public void The_table_has_no_circle()
    {
        var remaining = Table.ToDictionary(line => line.Key, line => line.Value.ToHashSet());
        while (remaining.FirstOrDefault(line => line.Value.Count == 0) is { Key: { } ground })
        {
            remaining.Remove(ground);
            foreach (var uses in remaining.Values)
                uses.Remove(ground);
        }

        Assert.True(remaining.Count == 0, $"These folders use each other in a circle, or folders that do: {string.Join(", ", remaining.Keys)}");
    }

    [Fact]
    public void A_forbidden_use_would_be_seen()
    {
        // The reader of compiled code must see uses inside bodies, or the table guards nothing.
        Assert.Contains(Uses(), use => use is { User: "Socle.Http.RecordEndpoint", UsedFolder: "Socle.Records.Running" });
        Assert.Contains(Uses(), use => use is { User: "Socle.Records.Planning.RelationFinder", UsedFolder: "Socle.Catalog" });
    }

    private static List<Reference> Uses()
    {
        var uses = new List<Reference>();
        foreach (var name in new[] { "Socle.Engine.dll", "socle.dll" })
        {
            using var assembly = new CompiledReferences(Path.Combine(AppContext.BaseDirectory, name));
            uses.AddRange(assembly.All());
        }

        return uses;
    }

    private static bool Allows(Reference use)
    {
        var user = Known(use.UserFolder);
        var used = Known(use.UsedFolder);
        if (use.UserFolder == use.UsedFolder)
            return true;
        // One feature never uses another, though all share a line of the table.
        return user is not null && used is not null && Table[user].Contains(used) && !(user == used && user.EndsWith('*'));
    }

    private static string? Known(string folder) =>
        Table.ContainsKey(folder) ? folder
        : folder.StartsWith("Socle.Features.", StringComparison.Ordinal) ? "Socle.Features.*"
        : null;
}
