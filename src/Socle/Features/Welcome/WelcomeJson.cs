using System.Text.Json;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Welcome;

/// <summary>What the page says, for programs.</summary>
internal static class WelcomeJson
{
    public static async Task Write(HttpContext context, CatalogSnapshot catalog, Text? title)
    {
        var language = Languages.Of(context.Request);
        var response = context.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.Vary = "Accept, Accept-Language";
        response.Headers.CacheControl = "no-cache";
        var buffer = AnswerBuffer.Rent();
        try
        {
            var json = buffer.Json;
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            json.WriteStartObject("data");
            json.WriteString("name", "Socle");
            json.WriteString("version", ServerState.Version);
            if (title is { } text)
                json.WriteString("title", text.In(language));
            json.WriteStartArray("tables");
            foreach (var table in catalog.Tables)
                Write(json, table, language);
            json.WriteEndArray();
            json.WriteString("openapi", "/api/openapi.json");
            json.WriteString("health", "/health");
            json.WriteString("docs", "/docs/api.md");
            json.WriteEndObject();
            json.WriteEndObject();
            await buffer.SendLast(response, context.RequestAborted);
        }
        finally
        {
            AnswerBuffer.Return(buffer);
        }
    }

    private static void Write(Utf8JsonWriter json, TableSnapshot table, Language language)
    {
        json.WriteStartObject();
        json.WriteString("name", table.Name);
        json.WriteString("label", table.Label.In(language));
        json.WriteString("url", WelcomeContent.Path(table));
        json.WriteString("csv", $"{WelcomeContent.Path(table)}.csv");
        json.WriteString("xlsx", $"{WelcomeContent.Path(table)}.xlsx");
        json.WriteEndObject();
    }
}
