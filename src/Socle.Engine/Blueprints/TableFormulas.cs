using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Formulas;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Blueprints;

/// <summary>
/// What the names in a table's formulas mean. Takes the table's fields, gives each formula compiled; a formula that uses another has it
/// written out inside, since PostgreSQL computes no column from a computed one. Refuses formulas that use each other in a circle.
/// </summary>
internal sealed class TableFormulas(ImmutableArray<FieldBlueprint> fields)
{
    private readonly Dictionary<string, Result<CompiledFormula>> _compiled = [];
    private readonly List<string> _open = [];

    /// <summary>The table with what each of its formulas gives; or what is wrong with them, each fault with its formula's path.</summary>
    public static Result<TableBlueprint> Settle(TableBlueprint table)
    {
        if (table.Fields.All(field => field.Type is not FormulaField))
            return table;
        var formulas = new TableFormulas(table.Fields);
        var faults = new List<Fault>();
        var settled = table.Fields.ToBuilder();
        for (var i = 0; i < settled.Count; i++)
        {
            var field = settled[i];
            if (field is not { Type: FormulaField, Settings.Formula: not null })
                continue;
            var compiled = formulas.Get(field);
            if (compiled.IsFault)
                faults.AddRange(compiled.Faults.Select(fault => fault with { Field = $"tables.{table.Name}.fields.{field.Name}.formula", Line = field.Line }));
            else
                settled[i] = field with { Settings = field.Settings with { Result = compiled.Value.Type.ToString().ToLowerInvariant() } };
        }

        return faults.Count > 0 ? faults : table with { Fields = settled.ToImmutable() };
    }

    public Result<CompiledFormula> Get(FieldBlueprint field)
    {
        if (_compiled.TryGetValue(field.Name, out var known))
            return known;
        _open.Add(field.Name);
        var compiled = Formula.Compile(field.Settings.Formula ?? "", Find, fields.Where(other => other != field).Select(other => other.Name));
        _open.Remove(field.Name);
        return _compiled[field.Name] = compiled;
    }

    private FormulaInput? Find(string name)
    {
        if (fields.FirstOrDefault(field => field.Name == name) is not { } field)
            return null;
        if (field.Type is FormulaField)
            return FindFormula(field);
        var column = Sql.Identifier(name);
        return field.Type switch
        {
            NumberField or DecimalField => new($"{column}::numeric", FormulaType.Number),
            TextField => new($"{column}::text", FormulaType.Text),
            BooleanField => new(column, FormulaType.Boolean),
            DateField => new(column, FormulaType.Date),
            DateTimeField => new(column, FormulaType.Moment),
            DurationField => new(column, FormulaType.Duration),
            _ => new(column, null, new($"it is of the type {field.Type.Name}", $"il est du type {field.Type.Name}")),
        };
    }

    private FormulaInput FindFormula(FieldBlueprint field)
    {
        if (_open.Contains(field.Name))
            return new("", null, new("the formula would use itself", "la formule s'utiliserait elle-même"));
        var inner = Get(field);
        return inner.IsFault
            ? new("", null, new("its own formula is wrong", "sa propre formule est fausse"))
            : new($"({inner.Value.Sql})", inner.Value.Type);
    }
}
