using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Schema;

/// <summary>Makes the conditional rules of a table what they shall be: what is kept of them, their constraints and their trigger.</summary>
/// <param name="Wanted">All of them.</param>
/// <param name="Before">All that were there.</param>
/// <param name="Document">The wanted ones as PostgreSQL takes them.</param>
/// <param name="DocumentBefore">The same of those before.</param>
/// <param name="IsRelease">Whether rules only go, to make room for what follows.</param>
internal sealed record SetRules(string TableName, ImmutableArray<KeptRule> Wanted, ImmutableArray<KeptRule> Before, string Document, string DocumentBefore, bool IsRelease) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => IsRelease ? StepOrder.RulesOff : StepOrder.Rules;

    /// <summary>New constraints are held against every record.</summary>
    public override Verdict Verdict => IsRelease || Wanted.All(Before.Contains) ? Verdict.Harmless : Verdict.NeedsScan;

    public override Text Words => Wanted.IsEmpty
        ? new($"take the rules off {TableName} ({Ids(Before)})", $"retirer les règles de {TableName} ({Ids(Before)})")
        : new($"set the rules of {TableName} ({Ids(Wanted)})", $"mettre les règles de {TableName} ({Ids(Wanted)})");

    public override string Sql => Put(Document);

    public override string Down => Put(DocumentBefore);

    private static string Ids(ImmutableArray<KeptRule> rules) => string.Join(", ", rules.Select(stored => stored.Rule.Id));

    private string Put(string document) => $"SELECT socle_system.put_rules({SchemaNames.Relation(TableName)}, {Postgres.Sql.Literal(document)}::jsonb)";
}
