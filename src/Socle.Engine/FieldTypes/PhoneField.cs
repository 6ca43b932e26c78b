using System.Text.Json;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A telephone number as people write it: digits with blanks, dots, dashes, slashes, brackets, a leading + and an extension.</summary>
public sealed class PhoneField : TextField
{
    public override string Name => "phone";

    public override Text Expects(FieldShape field) =>
        new("a telephone number such as +33 6 12 34 56 78", "un numéro de téléphone comme 06 12 34 56 78");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsWritten(text, field);

    public override bool AcceptsWritten(ReadOnlySpan<char> text, FieldShape field) => text.Length == 0 || IsNumber(text);

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
                digits++;
            else if (!" .-/()+#*,;extposEXTPOS\u00a0\u202f".Contains(c, StringComparison.Ordinal))
                return false;
        }

        return digits is >= 2 and <= 30;
    }
}
