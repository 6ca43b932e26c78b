#pragma warning disable CA1822
using Socle.Kernel; using Npgsql;
namespace Socle.Blueprints { public sealed record Blueprint(string Name); public static class BlueprintLibrary { public static Result<Blueprint> Find(string n)=>new Blueprint(n);} }
namespace Socle.Schema { public sealed record SStep(Text Text); public sealed record SchemaPlan(List<SStep> Steps){ public string Describe(Language l)=>"";} public static class ApplyBlueprint { public static Task<Result<SchemaPlan>> Apply(NpgsqlDataSource d, Socle.Blueprints.Blueprint b, bool s, CancellationToken c)=>Task.FromResult<Result<SchemaPlan>>(new SchemaPlan([])); public static Task<Result<SchemaPlan>> Plan(NpgsqlDataSource d, Socle.Blueprints.Blueprint b, CancellationToken c)=>Apply(d,b,false,c);} }
