using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Catalog;

/// <summary>A field without a column, as it is described.</summary>
/// <param name="Type">A lookup or a rollup.</param>
/// <param name="Position">The number that orders it among the others.</param>
public sealed record ComputedField(string Name, FieldType Type, FieldSettings Settings, Text? Label, int? Position);

/// <summary>How a field is computed: over records of another table that are bound to the row by equal columns.</summary>
/// <param name="Target">The other table.</param>
/// <param name="Columns">Pairs that must be equal: the row's own column and the other table's.</param>
/// <param name="Function">What is made of the values; null for the one value of the one record that a reference leads to.</param>
/// <param name="Source">The other table's field; null where records are counted.</param>
/// <param name="Where">Which of its records count.</param>
public sealed record FieldWay(TableSnapshot Target, ImmutableArray<ColumnPair> Columns, RollupFunction? Function, FieldSnapshot? Source, ImmutableArray<Condition> Where);

/// <summary>A computed field that cannot be computed.</summary>
/// <param name="Fault">Why; its field names the setting at fault: through, field, function or where.</param>
public sealed record BrokenField(string Table, string Field, Fault Fault);
