using Microsoft.Extensions.Primitives;
using Socle.Grammar;
using Socle.Records;

namespace Socle.Http;

/// <summary>The Prefer header (RFC 7240). Unknown preferences are ignored; the first of a repeated one wins.</summary>
public readonly record struct Preferences(CountKind? Count, ConflictResolution Resolution)
{
    public static Preferences Read(StringValues header)
    {
        CountKind? count = null;
        ConflictResolution? resolution = null;
        foreach (var preference in header.SelectMany(line => (line ?? "").Split(',', ';')))
        {
            switch (preference.Trim().ToLowerInvariant())
            {
                case "count=exact":
                    count ??= CountKind.Exact;
                    break;
                case "count=planned":
                    count ??= CountKind.Planned;
                    break;
                case "count=estimated":
                    count ??= CountKind.Estimated;
                    break;
                case "resolution=merge-duplicates":
                    resolution ??= ConflictResolution.Merge;
                    break;
                case "resolution=ignore-duplicates":
                    resolution ??= ConflictResolution.Ignore;
                    break;
            }
        }

        return new Preferences(count, resolution ?? ConflictResolution.Refuse);
    }
}
