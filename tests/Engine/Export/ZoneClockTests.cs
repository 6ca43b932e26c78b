using System.Globalization;
using System.Text;
using Socle.Records.Export;

namespace Socle.Tests.Export;

/// <summary>What is written of a moment tells that moment and no other, in every zone.</summary>
public sealed class ZoneClockTests
{
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Formats = ["dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm:ss,FFFFFF", "dd/MM/yyyy HH:mm:ss zzz", "dd/MM/yyyy HH:mm:ss,FFFFFF zzz"];

    [Fact]
    public void Every_moment_in_every_zone_comes_back()
    {
        var wrong = new List<string>();
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var clock = new ZoneClock(zone);
            foreach (var moment in Moments(zone))
            {
                if (Write(clock, moment) is { } text && Read(text, zone) != moment)
                    wrong.Add($"{zone.Id}: {moment:O} is written {text}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(50)));
    }

    [Theory]
    [InlineData("2026-10-25T00:30:00Z", "25/10/2026 02:30:00 +02:00")]
    [InlineData("2026-10-25T01:30:00Z", "25/10/2026 02:30:00 +01:00")]
    [InlineData("2026-10-25T02:00:00Z", "25/10/2026 03:00:00")]
    [InlineData("2026-10-24T23:59:59Z", "25/10/2026 01:59:59")]
    [InlineData("2026-03-29T01:00:00Z", "29/03/2026 03:00:00")]
    [InlineData("2026-12-31T13:05:09.120Z", "31/12/2026 14:05:09,12")]
    [InlineData("2026-12-31T23:30:00Z", "01/01/2027 00:30:00")]
    public void A_moment_is_told_as_in_Paris(string moment, string text) =>
        Assert.Equal(text, Write(new ZoneClock(TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")), DateTime.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)));

    /// <summary>The ends of the calendar, and the moments around every change of the zone's offset.</summary>
    private static IEnumerable<DateTime> Moments(TimeZoneInfo zone)
    {
        foreach (var year in new[] { 1, 1582, 1900, 1911, 1945, 9999 })
            yield return new DateTime(year, 6, 15, 22, 30, 0, 123, 456, DateTimeKind.Utc);
        yield return DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
        yield return new DateTime(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc);
        for (var month = new DateTime(1965, 1, 1, 0, 0, 0, DateTimeKind.Utc); month.Year < 2045; month = month.AddMonths(1))
        {
            if (zone.GetUtcOffset(month) == zone.GetUtcOffset(month.AddMonths(1)))
                continue;
            var change = FindChange(zone, month, month.AddMonths(1));
            foreach (var minutes in new[] { -1500, -1440, -181, -120, -61, -60, -59, -30, -1, 0, 1, 29, 30, 59, 60, 61, 119, 120, 181, 1440, 1500 })
                yield return change.AddMinutes(minutes);
        }
    }

    private static DateTime FindChange(TimeZoneInfo zone, DateTime before, DateTime after)
    {
        var offset = zone.GetUtcOffset(before);
        while (after - before > TimeSpan.FromSeconds(1))
        {
            var middle = new DateTime((before.Ticks + after.Ticks) / 2, DateTimeKind.Utc);
            if (zone.GetUtcOffset(middle) == offset)
                before = middle;
            else
                after = middle;
        }

        return new DateTime(after.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
    }

    private static string? Write(ZoneClock clock, DateTime moment)
    {
        if (!clock.Read((moment.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond, out var local))
            return null;
        var text = new byte[48];
        return Encoding.ASCII.GetString(text, 0, Dates.WriteMoment(local, text));
    }

    private static DateTime Read(string text, TimeZoneInfo zone) => text.Length > 26 || text[^3] == ':' && text[^6] is '+' or '-'
        ? DateTimeOffset.ParseExact(text, Formats, CultureInfo.InvariantCulture).UtcDateTime
        : TimeZoneInfo.ConvertTimeToUtc(DateTime.ParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None), zone);
}
