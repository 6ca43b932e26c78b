namespace Socle.Tests.Server.Reading;

/// <summary>Every PostgreSQL type comes out as row_to_json would write it; lengths of time as ISO 8601.</summary>
[Collection(nameof(ReadingServer))]
public sealed class TypeTests(ReadingServer server)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_record_of_every_type_comes_out_as_PostgreSQL_writes_it(int id)
    {
        var expected = await server.Ask<string>($"SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601'; SELECT row_to_json(t)::text FROM types t WHERE id = {id}");
        await server.Expect(200, Call.Get($"/api/types/{id}"), expected);
    }
}
