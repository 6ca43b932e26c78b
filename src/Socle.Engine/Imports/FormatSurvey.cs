using System.Collections.Immutable;
using Socle.Imports.Reading;
using Socle.Imports.Values;
using Socle.Imports.Writing;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Imports;

/// <summary>How each mapped column's values are written. Reads the file's beginning, and all of it where dates such as 03/04/2026 leave their order open.</summary>
internal static class FormatSurvey
{
    private const int SampleRows = 20_000;

    public sealed record Surveyed(ColumnFormat Format, string? Shown, bool IsAssumed);

    public static Result<ImmutableArray<Surveyed>> Read(RowReader rows, ImmutableArray<MappedColumn> columns, FormatDefaults defaults)
    {
        var watched = columns.Select((column, i) => (column.Index, i, Kind: column.Field.ColumnType.Kind)).Where(item => IsDate(item.Kind) || IsNumber(item.Kind)).ToArray();
        var evidence = columns.Select(_ => new ColumnEvidence()).ToArray();
        for (var count = 0; watched.Length > 0 && (count < SampleRows || (defaults.Dates is null && evidence.Any(item => item.HasOpenDates))) && rows.Next(); count++)
        {
            foreach (var (index, i, kind) in watched)
            {
                if (IsDate(kind))
                    evidence[i].AddDate(rows.Cell(index));
                else if (count < SampleRows)
                    evidence[i].AddNumber(rows.Cell(index));
            }
        }

        if (defaults.Dates is null && columns.Where((_, i) => evidence[i].IsContradictory).FirstOrDefault() is { } column)
            return Contradiction(column);
        return columns.Select((item, i) => Decide(item, evidence[i], defaults)).ToImmutableArray();
    }

    private static Surveyed Decide(MappedColumn column, ColumnEvidence evidence, FormatDefaults defaults)
    {
        var format = evidence.Decide(defaults);
        var kind = column.Field.ColumnType.Kind;
        var shown = IsDate(kind) && evidence.HasOpenDates ? (format.Dates == DateOrder.DayFirst ? "31/12/2026" : "12/31/2026")
            : IsNumber(kind) && evidence.HasSigns ? (format.DecimalSign == (byte)',' ? "1234,56" : "1234.56")
            : null;
        return new Surveyed(format, shown, IsDate(kind) && defaults.Dates is null && evidence.IsOrderAssumed);
    }

    private static bool IsDate(PgKind kind) => kind is PgKind.Date or PgKind.Timestamp or PgKind.TimestampTz;

    private static bool IsNumber(PgKind kind) => kind is PgKind.Integer or PgKind.Numeric or PgKind.Float;

    private static Fault Contradiction(MappedColumn column) => new(
        FaultCode.InvalidFile,
        $"The column '{column.Header}' has dates of both kinds, day first (31/12/2026) and month first (12/31/2026): no reading fits all. Correct the file, or say dates=dmy or dates=mdy; what then is no date is rejected.",
        $"La colonne « {column.Header} » a des dates des deux sortes, jour d'abord (31/12/2026) et mois d'abord (12/31/2026) : aucune lecture ne convient à toutes. Corrigez le fichier, ou précisez dates=dmy ou dates=mdy ; ce qui n'est alors pas une date est rejeté.",
        column.Field.ApiName);
}
