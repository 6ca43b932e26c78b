using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Imports.Reading;
using Socle.Imports.Values;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Tests.Engine.Imports;

/// <summary>What people type becomes what PostgreSQL reads, or is refused.</summary>
public sealed class ValueTests
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Theory]
    [InlineData("1 234,56 €", "1234.56")]
    [InlineData("1\u00a0234,56\u00a0€", "1234.56")]
    [InlineData("1\u202f234\u202f567,5", "1234567.5")]
    [InlineData("1.234,56", "1234.56")]
    [InlineData("1,234.56", "1234.56")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("(12,50)", "-12.50")]
    [InlineData("-12,5", "-12.5")]
    [InlineData("− 7", "-7")]
    [InlineData("12,5-", "-12.5")]
    [InlineData("€ 3", "3")]
    [InlineData(",5", "0.5")]
    [InlineData("1'234,5", "1234.5")]
    [InlineData("1e-05", "1e-05")]
    [InlineData("007", "007")]
    public void Numbers_as_people_write_them_are_read(string written, string stored) =>
        Assert.Equal(stored, Read("decimal", PgKind.Numeric, PgTypes.Numeric, written));

    [Theory]
    [InlineData("12,5 %")]
    [InlineData("12 34")]
    [InlineData("1,2,3,4")]
    [InlineData("abc")]
    [InlineData("12€34")]
    [InlineData("--5")]
    [InlineData("-")]
    [InlineData(",")]
    [InlineData("€")]
    [InlineData("1e5000")]
    public void What_is_no_number_is_refused(string written) => Assert.Null(Read("decimal", PgKind.Numeric, PgTypes.Numeric, written));

    [Theory]
    [InlineData("1 000", "1000")]
    [InlineData("12,00", "12")]
    [InlineData("-3", "-3")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775808", null)]
    [InlineData("12,5", null)]
    [InlineData("1,23E+13", null)]
    public void Whole_numbers_stay_whole(string written, string? stored) => Assert.Equal(stored, Read("number", PgKind.Integer, PgTypes.Int8, written));

    [Theory]
    [InlineData("31/12/2026", "2026-12-31")]
    [InlineData("31-12-2026", "2026-12-31")]
    [InlineData("31.12.2026", "2026-12-31")]
    [InlineData("31/12/26", "2026-12-31")]
    [InlineData("31/12/68", "1968-12-31")]
    [InlineData("1/2/2026", "2026-02-01")]
    [InlineData("2026-12-31", "2026-12-31")]
    [InlineData("2026/12/31", "2026-12-31")]
    [InlineData("31 décembre 2026", "2026-12-31")]
    [InlineData("1er août 2026", "2026-08-01")]
    [InlineData("31/12/2026 00:00", "2026-12-31")]
    [InlineData("29/02/2024", "2024-02-29")]
    [InlineData("29/02/2023", null)]
    [InlineData("12/31/2026", null)]
    [InlineData("31/12/2026 08:00", null)]
    [InlineData("46022", null)]
    [InlineData("31/12", null)]
    [InlineData("31/12-2026", null)]
    [InlineData("infinity", "infinity")]
    public void Days_are_what_is_written(string written, string? stored) => Assert.Equal(stored, Read("date", PgKind.Date, PgTypes.Date, written));

    [Theory]
    [InlineData("31/12/2026 14:05:09", "2026-12-31 14:05:09+01:00")]
    [InlineData("01/07/2026 14h05", "2026-07-01 14:05:00+02:00")]
    [InlineData("25/10/2026 02:30:00 +02:00", "2026-10-25 02:30:00+02:00")]
    [InlineData("2026-12-31T14:05:09.123456Z", "2026-12-31 14:05:09.123456+00:00")]
    [InlineData("31/12/2026 14:05:09,5", "2026-12-31 14:05:09.500000+01:00")]
    [InlineData("31/12/2026", "2026-12-31 00:00:00+01:00")]
    [InlineData("31/12/2026 2:05 PM", "2026-12-31 14:05:00+01:00")]
    [InlineData("31/12/2026 25:00", null)]
    public void Moments_without_an_offset_are_of_the_zone(string written, string? stored) =>
        Assert.Equal(stored, Read("date_time", PgKind.TimestampTz, PgTypes.TimestampTz, written));

    [Theory]
    [InlineData("oui", "t")]
    [InlineData("Non", "f")]
    [InlineData("VRAI", "t")]
    [InlineData("faux", "f")]
    [InlineData("x", "t")]
    [InlineData("0", "f")]
    [InlineData("peut-être", null)]
    public void Yes_and_no_have_many_names(string written, string? stored) => Assert.Equal(stored, Read("boolean", PgKind.Boolean, PgTypes.Boolean, written));

    [Theory]
    [InlineData("Très important", "vip")]
    [InlineData("tres  IMPORTANT", "vip")]
    [InlineData("vip", "vip")]
    [InlineData("Standard", "std")]
    [InlineData("autre", null)]
    public void Choices_are_known_by_value_and_by_label(string written, string? stored) =>
        Assert.Equal(stored, Read(Field("choice", PgKind.Text, PgTypes.Text, new FieldSettings([new("vip", new("VIP client", "Très important")), new("std", new("Standard", "Normal"))])), written));

    [Theory]
    [InlineData("a, b;c", "{\"a\",\"b\",\"c\"}")]
    [InlineData("[\"a\",null,\"b c\"]", "{\"a\",NULL,\"b c\"}")]
    [InlineData("{a,b}", "{a,b}")]
    [InlineData("[1", "{\"[1\"}")]
    public void Lists_are_json_or_words(string written, string stored) => Assert.Equal(stored, Read("tags", PgKind.Array, 1009, written));

    [Fact]
    public void Text_keeps_its_zeros_and_blanks_and_escapes_what_copy_would_take()
    {
        Assert.Equal("01000", Read("text", PgKind.Text, PgTypes.Text, "01000"));
        Assert.Equal(" a\\tb\\\\c\\n", Read("text", PgKind.Text, PgTypes.Text, " a\tb\\c\n"));
        Assert.Null(Read("text", PgKind.Text, PgTypes.Text, "a\0b"));
    }

    [Fact]
    public void A_day_never_moves_whatever_its_dress() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<DateTime>().Filter(day => day.Year is >= 1000 and <= 9999),
        day =>
        {
            foreach (var format in new[] { "yyyy-MM-dd", "dd/MM/yyyy", "dd-MM-yyyy", "dd.MM.yyyy", "d/M/yyyy", "yyyy-MM-dd'T00:00:00'" })
            {
                var stored = Read("date", PgKind.Date, PgTypes.Date, day.ToString(format, CultureInfo.InvariantCulture));
                if (stored != day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
                    return false;
            }

            return true;
        }));

    [Fact]
    public void Any_amount_survives_its_french_dress() => Check.QuickThrowOnFailure(Prop.ForAll<decimal>(number =>
    {
        var rounded = Math.Round(number % 1_000_000_000m, 2);
        var french = rounded.ToString("#,##0.00", new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "\u202f" }) + " €";
        return decimal.Parse(Read("decimal", PgKind.Numeric, PgTypes.Numeric, french)!, CultureInfo.InvariantCulture) == rounded;
    }));

    private static string? Read(string type, PgKind kind, uint oid, string written) => Read(Field(type, kind, oid, FieldSettings.None), written);

    [Theory]
    [InlineData("1h30", "0 mon 0 day 5400000000 microsecond")]
    [InlineData("1 h 05", "0 mon 0 day 3900000000 microsecond")]
    [InlineData("26:30:00,5", "0 mon 0 day 95400500000 microsecond")]
    [InlineData("45 min", "0 mon 0 day 2700000000 microsecond")]
    [InlineData("P1M2D", "1 mon 2 day 0 microsecond")]
    [InlineData("90", null)]
    public void Lengths_of_time_are_read(string written, string? stored) => Assert.Equal(stored, Read("duration", PgKind.Interval, PgTypes.Interval, written));

    [Theory]
    [InlineData("12:30:00", "0 mon 0 day 45000000000 microsecond")]
    [InlineData("1900-01-01T06:30:00", "0 mon 0 day 109800000000 microsecond")]
    [InlineData("1900-03-10", "0 mon 0 day 6048000000000 microsecond")]
    [InlineData("2026-05-01", null)]
    public void The_hours_of_a_spreadsheet_are_a_length_of_time(string shown, string? stored) =>
        Assert.Equal(stored, Read(Field("duration", PgKind.Interval, PgTypes.Interval, FieldSettings.None), shown, CellKind.Date));

    [Theory]
    [InlineData("20 %", CellKind.Text, "20")]
    [InlineData("12,5%", CellKind.Text, "12.5")]
    [InlineData("12,5", CellKind.Text, "12.5")]
    [InlineData("0.2", CellKind.Percent, "20")]
    [InlineData("0.12000000000000001", CellKind.Percent, "12")]
    [InlineData("0.2", CellKind.Number, "0.2")]
    public void Percentages_are_hundredths_however_they_are_kept(string written, CellKind kind, string stored) =>
        Assert.Equal(stored, Read(Field("percentage", PgKind.Numeric, PgTypes.Numeric, FieldSettings.None), written, kind));

    [Theory]
    [InlineData("4", "4")]
    [InlineData("6", null)]
    public void Ratings_end_at_their_most(string written, string? stored) => Assert.Equal(stored, Read("rating", PgKind.Integer, PgTypes.Int2, written));

    private static string? Read(FieldSnapshot field, string written, CellKind kind = CellKind.Text)
    {
        var copy = new ByteText();
        var reader = ValueReader.For(field, new ColumnFormat(DateOrder.DayFirst, (byte)',', Paris));
        return reader.TryRead(new Cell(kind, Encoding.UTF8.GetBytes(written)), copy) ? Encoding.UTF8.GetString(copy.Span) : null;
    }

    private static FieldSnapshot Field(string type, PgKind kind, uint oid, FieldSettings settings) =>
        new("f", "f", new PgType(oid, type, kind), FieldTypeRegistry.Find(type)!, settings, false, null, false, false);
}
