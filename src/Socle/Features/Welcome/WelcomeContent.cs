using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Welcome;

/// <summary>What the page says.</summary>
/// <param name="Name">What the blueprint calls the whole; null when there is no blueprint.</param>
/// <param name="Address">Where the reader reached the server.</param>
public sealed record WelcomeContent(Language Language, Text? Name, Uri Address, ImmutableArray<TableSnapshot> Tables, Notice Notice, bool IsReady)
{
    public string Tag => Languages.TagOf(Language);

    public string Title => Name?.In(Language) ?? Say("Your data server", "Votre serveur de données");

    /// <summary>The table for the first try.</summary>
    public TableSnapshot? First => Tables.FirstOrDefault(table => table.Name == "clients") ?? Tables.FirstOrDefault();

    public string Say(string english, string french) => new Text(english, french).In(Language);

    /// <summary>The address of a table's list, from the root.</summary>
    public static string Path(TableSnapshot table) => $"/api/{Uri.EscapeDataString(table.Name)}";
}

/// <summary>Why the reader sees the page at an address that is not its own.</summary>
/// <param name="Data">Where the data is that the address names.</param>
public sealed record Notice(Text? Text, string? Data = null, int Status = StatusCodes.Status200OK)
{
    public static Notice None { get; } = new(Text: null);

    public static Notice Of(Fault fault) => new(fault.Message, Status: FaultStatuses.StatusOf(fault.Code));

    public static Notice Of(TableSnapshot table, string? id) => new(
        new Text("Programs get data at this address. In a browser, the same data is at:", "À cette adresse, les programmes reçoivent des données. Dans un navigateur, les mêmes sont à :"),
        WelcomeContent.Path(table) + (id is null ? "" : $"/{Uri.EscapeDataString(id)}"));
}
