using System.Globalization;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Http;

/// <summary>The Range header in the unit "items": <c>0-24</c>, <c>25-</c>. With limit and offset, what both allow.</summary>
public static class Ranges
{
    public static Result<RecordQuery> Apply(RecordQuery query, string method, IHeaderDictionary headers)
    {
        var header = (string?)headers.Range;
        if (string.IsNullOrEmpty(header) || !HttpMethods.IsGet(method) || header.StartsWith("bytes", StringComparison.OrdinalIgnoreCase))
            return query;
        var range = header.StartsWith("items=", StringComparison.OrdinalIgnoreCase) ? header[6..] : header;
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !TryRead(range[..dash], out var first) || !TryRead(range[(dash + 1)..], out var last) || first is null || last < first)
        {
            return new Fault(
                FaultCode.InvalidRange,
                "The Range header must say which items: 0-24, or 25- for all from the 26th on.",
                "L'en-tête Range doit dire quels éléments : 0-24, ou 25- pour tous à partir du 26e.",
                "Range");
        }

        var scope = query.Scope;
        var offset = Math.Max(scope.Offset ?? 0, first.Value);
        var end = Math.Min(scope.Limit is { } limit ? (scope.Offset ?? 0) + limit : long.MaxValue, last is { } end1 ? end1 + 1 : long.MaxValue);
        return query with { Scope = scope with { Offset = offset, Limit = end == long.MaxValue ? null : Math.Max(0, end - offset) } };
    }

    private static bool TryRead(string text, out long? number)
    {
        number = null;
        if (text.Length == 0)
            return true;
        var isRead = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < long.MaxValue / 2;
        number = value;
        return isRead;
    }
}
