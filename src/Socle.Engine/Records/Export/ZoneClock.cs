namespace Socle.Records.Export;

/// <param name="At">What clocks of the zone show.</param>
/// <param name="Offset">The distance to UTC, where the clock alone does not tell the moment.</param>
internal readonly record struct LocalTime(DateTime At, TimeSpan? Offset);

/// <summary>
/// Takes a moment, gives what clocks of the zone show: by the zone's rules alone, not by this machine's settings. The offset
/// is told with it where clocks show the same twice, and before 1972, when some stood no whole minutes from UTC, on which programs differ.
/// </summary>
internal sealed class ZoneClock(TimeZoneInfo zone)
{
    /// <summary>The largest jump of a clock is a day; what lies behind the jump is seen from here.</summary>
    private static readonly TimeSpan BeyondAnyJump = TimeSpan.FromHours(25);

    private static readonly DateTime WholeMinutes = new(1972, 2, 1);

    /// <summary>False for moments that fall out of the years 1 to 9999 in the zone.</summary>
    public bool Read(long microseconds, out LocalTime local)
    {
        var moment = DateTime.SpecifyKind(Dates.OfMicrosecond(microseconds), DateTimeKind.Utc);
        var offset = zone.GetUtcOffset(moment);
        var ticks = moment.Ticks + offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            local = default;
            return false;
        }

        var shown = new DateTime(ticks);
        var isUnclear = shown < WholeMinutes || IsReadOtherwise(shown, offset) || IsAlso(shown, offset, Add(moment, -BeyondAnyJump)) || IsAlso(shown, offset, Add(moment, BeyondAnyJump));
        local = new LocalTime(shown, isUnclear ? offset : null);
        return true;
    }

    /// <summary>.NET reads the hours around some changes otherwise than it shows them; whoever reads the file may do so with .NET.</summary>
    private bool IsReadOtherwise(DateTime shown, TimeSpan offset) =>
        zone.IsInvalidTime(shown) || zone.IsAmbiguousTime(shown) || zone.GetUtcOffset(shown) != offset;

    /// <summary>Whether clocks show the same with the offset that holds at a near moment.</summary>
    private bool IsAlso(DateTime shown, TimeSpan offset, DateTime near)
    {
        var other = zone.GetUtcOffset(near);
        return other != offset && zone.GetUtcOffset(Add(DateTime.SpecifyKind(shown, DateTimeKind.Utc), -other)) == other;
    }

    private static DateTime Add(DateTime moment, TimeSpan span) =>
        new(Math.Clamp(moment.Ticks + span.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
}
