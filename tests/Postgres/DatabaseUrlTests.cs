using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Tests.Postgres;

public sealed class DatabaseUrlTests
{
    private const string Secret = "s3cret";

    [Theory]
    [InlineData("postgres://ann:s3cret@db.example:5433/shop")]
    [InlineData("postgresql://ann:s3cret@db.example:5433/shop")]
    [InlineData("postgresql+psycopg2://ann:s3cret@db.example:5433/shop")]
    [InlineData("postgresql+asyncpg://ann:s3cret@db.example:5433/shop")]
    [InlineData("POSTGRESQL://ann:s3cret@db.example:5433/shop")]
    [InlineData("  postgresql://ann:s3cret@db.example:5433/shop\n")]
    [InlineData("postgresql://db.example:5433/shop?user=ann&password=s3cret")]
    [InlineData("postgresql://ann@other:1/shop?host=db.example&port=5433&password=s3cret")]
    [InlineData("host=db.example port=5433 user=ann password=s3cret dbname=shop")]
    [InlineData("host = db.example port = '5433'\tuser=ann password='s3cret' dbname=shop ")]
    [InlineData("Host=db.example;Port=5433;Username=ann;Password=s3cret;Database=shop")]
    [InlineData("host=db.example;port=5433;username=ann;password=s3cret;database=shop;")]
    [InlineData("Server=db.example;Port=5433;User Id=ann;Password=s3cret;Database=shop")]
    public void Every_usual_form_names_the_same_database(string text)
    {
        var read = DatabaseUrl.Read(text).Value;
        Assert.Equal(("db.example", 5433, "ann", Secret, "shop"), (read.Host!, read.Port, read.Username!, read.Password!, read.Database!));
    }

    [Fact]
    public void Percent_encoded_parts_are_decoded_and_a_plus_stays_a_plus()
    {
        var read = DatabaseUrl.Read("postgresql://jo%C3%ABl%40firm:p%40s%2Fs%3Aw%25+d@h/ma%20base").Value;
        Assert.Equal(("joël@firm", "p@s/s:w%+d", "ma base"), (read.Username!, read.Password!, read.Database!));
    }

    [Fact]
    public void Query_parameters_become_settings()
    {
        var read = DatabaseUrl.Read(
            "postgresql://h/db?sslmode=verify-full&sslrootcert=/etc/ca.pem&application_name=caisse&connect_timeout=7&options=-c%20search_path%3Dshop%20-c%20statement_timeout%3D5s&channel_binding=require&client_encoding=utf8").Value;
        Assert.Equal(SslMode.VerifyFull, read.SslMode);
        Assert.Equal("/etc/ca.pem", read.RootCertificate);
        Assert.Equal("caisse", read.ApplicationName);
        Assert.Equal(7, read.Timeout);
        Assert.Equal("-c search_path=shop -c statement_timeout=5s", read.Options);
        Assert.Equal(ChannelBinding.Require, read.ChannelBinding);
    }

    [Theory]
    [InlineData("postgresql://[::1]:5433/db", "::1", 5433)]
    [InlineData("postgresql://ann:x@[2001:db8::7]/db", "2001:db8::7", 5432)]
    [InlineData("postgresql:///db?host=/var/run/pg", "/var/run/pg", 5432)]
    [InlineData("postgresql://ann@%2Fvar%2Frun%2Fpg:5433/db", "/var/run/pg", 5433)]
    [InlineData("host=/var/run/pg dbname=db", "/var/run/pg", 5432)]
    [InlineData("postgresql:///db", "/var/run/postgresql", 5432)]
    public void Addresses_and_sockets_are_understood(string text, string host, int port)
    {
        var read = DatabaseUrl.Read(text).Value;
        Assert.Equal((host, port, "db"), (read.Host!, read.Port, read.Database!));
    }

    [Theory]
    [InlineData(@"host=h password='a b\'c'", "a b'c")]
    [InlineData(@"host=h password=a\ b\\c", @"a b\c")]
    [InlineData("host=h password='' user=ann", "")]
    [InlineData("host=h password=a;b", "a;b")]
    [InlineData("host=h password='Host=x;Username=y'", "Host=x;Username=y")]
    public void Quoted_values_follow_libpq(string text, string password) =>
        Assert.Equal(password, DatabaseUrl.Read(text).Value.Password ?? "");

    [Theory]
    [InlineData("", "empty")]
    [InlineData("mysql://ann:s3cret@h/db", "postgresql://")]
    [InlineData("jdbc:postgresql://h/db?password=s3cret", "postgresql://")]
    [InlineData("s3cret", "name=value")]
    [InlineData("host=h password=s3cret sec0nd words", "name=value")]
    [InlineData("host=h password='s3cret", "quote")]
    [InlineData("postgresql://ann:s3cret@home@h/db", "%40")]
    [InlineData("postgresql://ann:s3cret/x@h/db", "percent-encode")]
    [InlineData("postgresql://ann:s3cret?x@h/db", "percent-encode")]
    [InlineData("postgresql://ann:100%s3cret@h/db", "%25")]
    [InlineData("postgresql://ann:s3cret@h:notaport/db", "port")]
    [InlineData("postgresql://ann:s3cret@h:70000/db", "port")]
    [InlineData("postgresql://ann:s3cret@h1,h2/db", "one")]
    [InlineData("Host=h1,h2;Username=ann;Password=s3cret", "one")]
    [InlineData("Host=h;Usrname=ann;Password=s3cret", "percent-encode")]
    [InlineData("postgresql://ann:s3cret@h/db?sslmod=require", "did you mean sslmode")]
    [InlineData("postgresql://ann:s3cret@h/db?pgbouncer=true", "known are host")]
    [InlineData("postgresql://ann:s3cret@h/db?sslmode=maybe", "verify-full")]
    [InlineData("postgresql://ann:s3cret@h/db?connect_timeout=soon", "connect_timeout")]
    [InlineData("postgresql://ann:s3cret@h/db?sslmode", "name=value")]
    [InlineData("postgresql://h/db?password=one&s3cret=sec0nd", "unknown")]
    public void What_is_not_understood_is_refused_without_repeating_it(string text, string hint)
    {
        var fault = DatabaseUrl.Read(text).Faults[0];
        Assert.Equal((FaultCode.InvalidConfiguration, "DATABASE_URL"), (fault.Code, fault.Field));
        Assert.Contains(hint, fault.Message.English, StringComparison.Ordinal);
        foreach (var message in (string[])[fault.Message.English, fault.Message.French])
        {
            Assert.DoesNotContain(Secret, message, StringComparison.Ordinal);
            Assert.DoesNotContain("sec0nd", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        Assert.Equal(2, DatabaseUrl.Read("postgresql://h/db?sslmode=maybe&connect_timeout=soon").Faults.Length);

    [Fact]
    public void Any_password_survives_an_address_and_a_quoted_value() =>
        Prop.ForAll<NonEmptyString>(some =>
        {
            var password = some.Get.Replace("\0", "", StringComparison.Ordinal);
            var quoted = password.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal);
            return Same(DatabaseUrl.Read($"postgresql://ann:{Uri.EscapeDataString(password)}@h/db"), password)
                && Same(DatabaseUrl.Read($"host=h user=ann password='{quoted}' dbname=db"), password);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_at_all_makes_it_throw() =>
        Prop.ForAll<NonNull<string>>(text => DatabaseUrl.Read(text.Get) is var read && DatabaseUrl.Read("postgres://" + text.Get) is var _ && (read.IsFault || read.Value.Host is not null))
            .QuickCheckThrowOnFailure();

    private static bool Same(Result<NpgsqlConnectionStringBuilder> read, string password) =>
        (read.Value.Password ?? "") == password && read.Value.Database == "db";
}
