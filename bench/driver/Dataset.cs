using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Socle.Bench;

/// <summary>
/// Fills the tables clients and engagements with the same rows in every run: what a firm of French car washers might
/// hold, about 540 bytes of JSON a client. Names and times are unique, so that every order has one right answer.
/// </summary>
internal sealed class Dataset(NpgsqlDataSource database, CancellationToken cancel)
{
    private static readonly string[] FirstNames =
        ["Élodie", "Julien", "Camille", "Thomas", "Aurélie", "Nicolas", "Chloé", "Antoine", "Léa", "Mathieu", "Inès", "François", "Manon", "Jérôme", "Zoé", "Benoît", "Anaïs", "Rémi", "Lucie", "Hervé"];

    private static readonly string[] LastNames =
        ["Martin", "Bernard", "Lefèvre", "Dubois", "Moreau", "Laurent", "Girard", "Roux", "Fournier", "Mercier", "Guérin", "Boyer", "Chevalier", "François", "Legrand", "Gauthier", "Perrin", "Clément", "Morin", "Dumas", "Fontaine", "Rousseau", "Masson", "Marchand", "Benoît"];

    private static readonly string[] Cities =
        ["Paris", "Marseille", "Lyon", "Toulouse", "Nice", "Nantes", "Montpellier", "Strasbourg", "Bordeaux", "Lille", "Rennes", "Reims", "Saint-Étienne", "Le Havre", "Besançon", "Orléans", "Nîmes", "Angers"];

    private static readonly string[] Streets =
        ["rue de la République", "avenue Jean-Jaurès", "boulevard Victor-Hugo", "place du Marché", "rue des Écoles", "chemin des Vignes", "allée des Tilleuls", "route de la Gare"];

    private static readonly string[] Services =
        ["Lavage complet", "Lavage extérieur", "Polissage", "Nettoyage des sièges", "Rénovation des phares", "Traitement céramique"];

    private static readonly string[] Tags = ["fidèle", "flotte", "devis en cours", "à rappeler", "premium", "parrainage"];
    private static readonly string[] Forms = ["SARL", "SAS", "EURL", "Garage", "Transports"];
    private static readonly string[] Roles = ["gérant", "comptable", "responsable de flotte", "accueil"];
    private static readonly DateTime Start = new(2021, 1, 4, 8, 0, 0, DateTimeKind.Utc);

    private readonly Random _random = new(20_240_601);

    public async Task LoadAsync(int clients, int engagements)
    {
        await LoadClientsAsync(clients);
        await LoadEngagementsAsync(clients, engagements);
        await ExecuteAsync("CREATE INDEX bench_clients_status ON clients (status, created_at DESC)");
        await SettleAsync();
    }

    /// <summary>Members see and write only records that a policy lets them, as a firm that uses policies has it; each record is judged.</summary>
    public async Task BindCallersAsync(string policy)
    {
        await using var bound = database.CreateCommand("UPDATE socle_system.policies SET filter = $1, condition = 'false' WHERE role = 'member' AND table_id IN (SELECT id FROM socle_system.tables WHERE relation IN ('clients'::regclass, 'engagements'::regclass))");
        bound.Parameters.AddWithValue(policy);
        await bound.ExecuteNonQueryAsync(cancel);
        await using var pending = database.CreateCommand("SELECT EXISTS (SELECT FROM socle_system.policies WHERE condition = 'false')");
        for (var i = 0; i < 100; i++)
        {
            if (!(bool)(await pending.ExecuteScalarAsync(cancel))!)
                return;
            await Task.Delay(100, cancel);
        }

        throw new BenchException($"Socle does not take the policy {policy}.");
    }

    /// <summary>The same starting state for every workload: nothing running, no dead rows, nothing left to write.</summary>
    public async Task SettleAsync()
    {
        await ExecuteAsync("VACUUM (ANALYZE) clients, engagements, socle_system.history");
        await ExecuteAsync("CHECKPOINT");
        await WaitForSilenceAsync();
    }

    /// <summary>wrk leaves its last requests behind; they must not run into the next turn.</summary>
    public async Task WaitForSilenceAsync()
    {
        await using var running = database.CreateCommand(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid())");
        for (var i = 0; i < 500 && (bool)(await running.ExecuteScalarAsync(cancel))!; i++)
            await Task.Delay(10, cancel);
    }

    /// <summary>
    /// The servers share the table, and only Socle keeps what its records were: the others must not pay for that. Its server then
    /// reads the changed catalog anew, before the turn begins.
    /// </summary>
    public async Task KeepHistoryAsync(bool isKept)
    {
        await ExecuteAsync($"SELECT socle_system.{(isKept ? "keep_history" : "stop_history")}('clients')");
        await Task.Delay(500, cancel);
        await WaitForSilenceAsync();
    }

    public async Task<string[]> SampleIdsAsync(int count)
    {
        await using var command = database.CreateCommand($"SELECT id::text FROM clients ORDER BY md5(id::text) LIMIT {count}");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var ids = new List<string>();
        while (await reader.ReadAsync(cancel))
            ids.Add(reader.GetString(0));
        return [.. ids];
    }

    /// <summary>Takes away the client that a check of `create` made.</summary>
    public Task ForgetCheckAsync() => ExecuteAsync("DELETE FROM clients WHERE lower(email) = 'check@garage-lefevre.example'");

    public async Task ExecuteAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task LoadClientsAsync(int count)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY clients (id, type, name, company_name, first_name, last_name, siret, email, phone, address, city, status, tags, last_service, contacts, created_at, updated_at) FROM STDIN (FORMAT binary)",
            cancel);
        for (var i = 0; i < count; i++)
        {
            await copy.StartRowAsync(cancel);
            await WriteClientAsync(copy, i);
        }

        await copy.CompleteAsync(cancel);
    }

    private async Task WriteClientAsync(NpgsqlBinaryImporter copy, int i)
    {
        var (first, last, city) = (Pick(FirstNames), Pick(LastNames), Pick(Cities));
        var company = _random.Next(100) < 60 ? $"{Pick(Forms)} {last} {city}" : null;
        var created = Start.AddSeconds((i * 7919L % 1_000_003) * 150).AddMicroseconds(_random.Next(1, 1_000_000));
        await copy.WriteAsync(ClientId(i), NpgsqlDbType.Uuid, cancel);
        string?[] texts =
        [
            company is null ? "particulier" : "professionnel",
            $"{company ?? $"{first} {last}"} {i:D6}",
            company,
            first,
            last,
            company is null ? null : $"{_random.NextInt64(30_000_000_000_000, 99_000_000_000_000)}",
            $"client{i}@atelier-{_random.Next(1000)}.example",
            Phone(),
            $"{_random.Next(1, 180)} {Pick(Streets)}",
            city,
            _random.Next(100) switch { < 70 => "active", < 85 => "prospect", < 95 => "inactive", _ => "archived" },
        ];
        foreach (var text in texts)
            await WriteTextAsync(copy, text);
        await copy.WriteAsync(Enumerable.Range(0, _random.Next(4)).Select(_ => Pick(Tags)).Distinct(StringComparer.Ordinal).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancel);
        await WriteTextAsync(copy, _random.Next(100) < 80 ? Pick(Services) : null);
        await copy.WriteAsync(JsonSerializer.Serialize(new { name = $"{Pick(FirstNames)} {last}", role = Pick(Roles), phone = Phone() }), NpgsqlDbType.Jsonb, cancel);
        await copy.WriteAsync(created, NpgsqlDbType.TimestampTz, cancel);
        await copy.WriteAsync(created.AddDays(_random.Next(200)), NpgsqlDbType.TimestampTz, cancel);
    }

    private async Task LoadEngagementsAsync(int clients, int count)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY engagements (client_id, title, status, starts_at) FROM STDIN (FORMAT binary)", cancel);
        for (var i = 0; i < count; i++)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(ClientId(_random.Next(clients)), NpgsqlDbType.Uuid, cancel);
            await WriteTextAsync(copy, $"{Pick(Services)} {i:D6}");
            await WriteTextAsync(copy, _random.Next(100) < 70 ? "done" : "planned");
            await copy.WriteAsync(Start.AddMinutes((i * 7919L % 1_000_003) * 2), NpgsqlDbType.TimestampTz, cancel);
        }

        await copy.CompleteAsync(cancel);
    }

    private Task WriteTextAsync(NpgsqlBinaryImporter copy, string? text) =>
        text is null ? copy.WriteNullAsync(cancel) : copy.WriteAsync(text, NpgsqlDbType.Text, cancel);

    /// <summary>A valid UUID v4 that scatters over the index as random ones do, and is the same in every run.</summary>
    private static Guid ClientId(int i)
    {
        Span<byte> bytes = stackalloc byte[16];
        new Random(i).NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private string Pick(string[] values) => values[_random.Next(values.Length)];

    private string Phone() => $"0{_random.Next(1, 8)} {_random.Next(100):D2} {_random.Next(100):D2} {_random.Next(100):D2} {_random.Next(100):D2}";
}
