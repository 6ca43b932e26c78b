using System.Text.Json;
using Socle.FieldTypes;
using Socle.Postgres;

namespace Socle.Tests.FieldTypes;

/// <summary>What the later field types take, and what they refuse.</summary>
public sealed class LaterTypeTests
{
    private static readonly PgType Interval = new(PgTypes.Interval, "interval", PgKind.Interval);
    private static readonly PgType Text = new(PgTypes.Text, "text", PgKind.Text);
    private static readonly PgType Small = new(PgTypes.Int2, "smallint", PgKind.Integer);

    [Theory]
    [InlineData("PT1H30M", 0, 0, 5_400_000_000)]
    [InlineData("P1Y2M3W4DT5H6M7.5S", 14, 25, 18_367_500_000)]
    [InlineData("PT-1H-30M", 0, 0, -5_400_000_000)]
    [InlineData("P-1D", 0, -1, 0)]
    [InlineData("PT0S", 0, 0, 0)]
    [InlineData("1:30", 0, 0, 5_400_000_000)]
    [InlineData("01:30:05.25", 0, 0, 5_405_250_000)]
    [InlineData("-00:30", 0, 0, -1_800_000_000)]
    [InlineData("120:00", 0, 0, 432_000_000_000)]
    [InlineData("1 mon 2 days 03:04:05", 1, 2, 11_045_000_000)]
    [InlineData("-1 days", 0, -1, 0)]
    [InlineData("45 min", 0, 0, 2_700_000_000)]
    [InlineData("1.5 hours", 0, 0, 5_400_000_000)]
    public void A_length_of_time_is_read(string text, int months, int days, long microseconds)
    {
        Assert.True(Duration.TryRead(text, out var duration));
        Assert.Equal(new Duration(months, days, microseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1H")]
    [InlineData("PT1D")]
    [InlineData("P1.5D")]
    [InlineData("1:60")]
    [InlineData("1:30:60")]
    [InlineData("1:2:3:4")]
    [InlineData("1:30 2:30")]
    [InlineData("a while")]
    [InlineData("PT99999999999999H")]
    [InlineData("P999999999999Y")]
    [InlineData("1 day; DROP")]
    public void What_is_none_is_not(string text) => Assert.False(new DurationField().AcceptsText(text, Interval));

    [Theory]
    [InlineData("\"#00ff7F\"", true)]
    [InlineData("\"#00ff7\"", false)]
    [InlineData("\"00ff7f0\"", false)]
    [InlineData("\"#00ff7f\\n\"", false)]
    [InlineData("\"#００ff7f\"", false)]
    [InlineData("65535", false)]
    public void A_colour_is_six_digits(string json, bool isTaken) => Assert.Equal(isTaken, new ColourField().Accepts(JsonDocument.Parse(json).RootElement, new FieldShape(Text, FieldSettings.None)));

    [Theory]
    [InlineData("0", true)]
    [InlineData("3", true)]
    [InlineData("\"2\"", true)]
    [InlineData("4", false)]
    [InlineData("-1", false)]
    [InlineData("1.5", false)]
    public void A_rating_goes_up_to_its_most(string json, bool isTaken) =>
        Assert.Equal(isTaken, new RatingField().Accepts(JsonDocument.Parse(json).RootElement, new FieldShape(Small, FieldSettings.None with { Max = 3 })));

    [Theory]
    [InlineData("DEV-{yyyy}-{0000}")]
    [InlineData("{0}")]
    [InlineData("{yy}{mm}{dd}/{00} é")]
    [InlineData("{000000000000}")]
    public void A_format_holds_the_number_once(string format) => Assert.Null(NumberFormat.Check(format));

    [Theory]
    [InlineData("DEV", "exactly once")]
    [InlineData("{0}{0}", "exactly once")]
    [InlineData("{0} {year}", "'{year}' means nothing")]
    [InlineData("{0} {", "no partner")]
    [InlineData("{0}{mm}", "{mm} needs")]
    [InlineData("{0}{yyyy}{dd}", "{dd} needs")]
    [InlineData("{0}\n", "line breaks")]
    public void What_is_wrong_with_a_format_is_told(string format, string reason)
    {
        var wrong = NumberFormat.Check(format)!.Value;
        Assert.Contains(reason, wrong.English, StringComparison.Ordinal);
        Assert.NotEqual(wrong.English, wrong.French);
    }

    [Fact]
    public void Every_currency_is_there_once()
    {
        Assert.Equal(CurrencyField.Codes.Length, CurrencyField.Codes.Distinct().Count());
        Assert.All(CurrencyField.Codes, code => Assert.Matches("^[A-Z]{3}$", code));
        Assert.Contains("EUR", CurrencyField.Codes);
    }
}
