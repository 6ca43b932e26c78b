using Microsoft.OpenApi;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.OpenApi;

/// <summary>
/// Takes a snapshot and a language, gives the API that the server has with it. What it allows the server takes,
/// and what the server answers it allows: types may be made from it and answers held against it.
/// </summary>
internal static class ApiDescription
{
    public static OpenApiDocument Write(CatalogSnapshot catalog, Language language, Text? title)
    {
        var draft = new ApiDraft(language);
        var document = draft.Document;
        document.Info = new OpenApiInfo
        {
            Title = title?.In(language) ?? "Socle",
            Version = ServerState.Version,
            Description = draft.Say(About),
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        Security.AddTo(draft);
        Faults.AddTo(draft);
        ListParameters.AddTo(draft);
        TableSchemas.AddCommonTo(draft);
        ListParameters.AddHeadersTo(draft);
        ImportPath.AddTo(draft);
        ServerPaths.AddTo(draft, catalog);
        AccountPaths.AddTo(draft, catalog);
        HistoryPaths.AddTo(draft, catalog);
        FilePaths.AddTo(draft, catalog);
        ViewPaths.AddTo(draft, catalog);
        SchemaPaths.AddTo(draft, catalog);
        foreach (var table in DescribedTable.All(catalog))
        {
            document.Tags!.Add(new OpenApiTag { Name = table.Tag, Description = table.Table.Label.In(language) });
            TableSchemas.AddTo(draft, table);
            TablePaths.AddTo(draft, table);
        }

        return document;
    }

    private static readonly Text About = new(
        """
        Every answer is an envelope: `success` says how it went, `data` holds one record or a list, `error` says what to do.
        Field names are in camelCase; the column names of the database are understood too. `Accept-Language` (`en`, `fr`) chooses the language of messages.
        Each table also answers without `/api` before its name. The whole query language is at `/docs/query.md`, the faults are at `/docs/errors.md`.
        """,
        """
        Chaque réponse est une enveloppe : `success` dit l'issue, `data` contient un enregistrement ou une liste, `error` dit que faire.
        Les noms des champs sont en camelCase ; ceux des colonnes de la base sont compris aussi. `Accept-Language` (`en`, `fr`) choisit la langue des messages.
        Chaque table répond aussi sans `/api` devant son nom. Tout le langage de requête est à `/docs/query.md`, les erreurs sont à `/docs/errors.md`.
        """);
}
