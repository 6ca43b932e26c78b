using Socle.Kernel;

namespace Socle.Schema.Migrations;

/// <summary>What was applied once, taken down, and is asked for again: it comes up with its values instead of being made anew. Done before the plan that tells of it.</summary>
public sealed record ComeUpAgain(long Migration) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Extension;

    public override bool IsHousekeeping => true;

    public override Text Words => new($"bring up migration {Migration} again, with its values", $"remettre la migration {Migration}, avec ses valeurs");

    public override string Sql => "SELECT 1";

    public override string Down => "";
}
