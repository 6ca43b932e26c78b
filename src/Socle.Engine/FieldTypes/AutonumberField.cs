using System.Text.Json;
using Socle.Kernel;

namespace Socle.FieldTypes;

/// <summary>
/// A number that the database gives each new record, written after a format such as <c>DEV-{yyyy}-{0000}</c>. Text, required and unique.
/// Kept by the database: nobody changes it through the API. Imports and SQL may bring numbers of their own.
/// </summary>
public sealed class AutonumberField : TextField
{
    public override string Name => "autonumber";

    public override Text Expects(FieldShape field) => new("a number that the database gives", "un numéro que la base de données donne");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { Length: > 0 };
}
