using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Batch;

/// <summary>The path of an operation, as it would stand in a request of its own: <c>/api/{table}[/{id}][?query]</c>, or without <c>/api</c>.</summary>
internal static class OperationPath
{
    public static Result<(RecordAddress Address, string Query)> Read(string path)
    {
        var (way, query) = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? (path[..mark], path[mark..]) : (path, "");
        if (!way.StartsWith('/') || way.Contains('#', StringComparison.Ordinal))
            return BatchFaults.WrongPath;
        var segments = way.TrimEnd('/').Split('/')[1..];
        if (segments is ["api", _, ..])
            segments = segments[1..];
        if (segments.Length is not (1 or 2) || segments.Any(segment => segment.Length == 0))
            return BatchFaults.WrongPath;
        return (new RecordAddress(Uri.UnescapeDataString(segments[0]), segments.Length == 2 ? Uri.UnescapeDataString(segments[1]) : null, Format: null), query);
    }
}
