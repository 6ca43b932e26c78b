using System.Buffers;
using Socle.Kernel;
using Socle.Records.Running;

namespace Socle.Records.Export;

/// <summary>What the formats are called, and the writer of each.</summary>
public static class ExportFile
{
    /// <param name="table">Names the sheets of a workbook.</param>
    /// <param name="language">French makes a CSV that a French Excel opens right; other languages one for programs.</param>
    /// <param name="zone">Where moments are told, in French CSV and in workbooks.</param>
    /// <param name="bytes">Where the file's bytes go.</param>
    public static IRowWriter Open(ExportFormat format, RecordAnswer answer, string table, Language language, TimeZoneInfo zone, IBufferWriter<byte> bytes) => format switch
    {
        ExportFormat.Xlsx => new XlsxRows(answer.Outputs, table, new ZoneClock(zone), bytes),
        ExportFormat.Json => new JsonFileRows(answer.Outputs, bytes),
        _ => new CsvRows(answer.Outputs, language == Language.French ? new FrenchCells(new ZoneClock(zone)) : null, bytes),
    };

    public static string MediaType(ExportFormat format) => format switch
    {
        ExportFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ExportFormat.Json => "application/json; charset=utf-8",
        _ => "text/csv; charset=utf-8",
    };

    /// <summary>With its dot.</summary>
    public static string Suffix(ExportFormat format) => format switch
    {
        ExportFormat.Xlsx => ".xlsx",
        ExportFormat.Json => ".json",
        _ => ".csv",
    };

    /// <summary>The format that a file's name ends with.</summary>
    public static ExportFormat? FindBySuffix(string name)
    {
        foreach (var format in Enum.GetValues<ExportFormat>())
        {
            if (name.EndsWith(Suffix(format), StringComparison.OrdinalIgnoreCase))
                return format;
        }

        return null;
    }
}
