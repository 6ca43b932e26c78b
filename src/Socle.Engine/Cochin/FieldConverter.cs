using System.Globalization;
using System.Text;
using Socle.Blueprints;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Imports.Reading;
using Socle.Imports.Values;

namespace Socle.Cochin;

/// <summary>How a value came over.</summary>
internal enum Passage
{
    /// <summary>Letter by letter.</summary>
    Same,

    /// <summary>The same value in another writing: 05/03/2024, 1 234,56, True.</summary>
    Rewritten,

    /// <summary>A link or a choice, followed to its record.</summary>
    Followed,

    Aside,
}

/// <param name="Value">What PostgreSQL reads; null for nothing.</param>
/// <param name="Reason">Why what was written is kept aside, alone or besides.</param>
internal readonly record struct Converted(string? Value, Passage Passage, AsideReason? Reason = null);

/// <summary>The values of one field, from Cochin's text to what its column takes. Never refuses: what does not fit has a reason.</summary>
internal sealed class FieldConverter
{
    /// <summary>What System.Decimal holds exactly, with a sign and a point.</summary>
    private const int MostDigits = 28;

    private readonly TargetField _field;
    private readonly FieldSurvey _survey;
    private readonly RecordNumbers _numbers;
    private readonly ChoiceRows _choices;
    private readonly ValueReader? _withPoint;
    private readonly ValueReader? _withComma;
    private readonly ByteText _copy = new();

    public FieldConverter(TargetField field, FieldSurvey survey, RecordNumbers numbers, ChoiceRows choices, TimeZoneInfo zone)
    {
        (_field, _survey, _numbers, _choices) = (field, survey, numbers, choices);
        if (field.LinksTo is not null || field.IsChoice || IsText)
            return;
        var (type, settings) = (field.Field.Type, field.Field.Settings);
        var column = new FieldSnapshot(field.Name, field.Name, BlueprintValues.ColumnType(type.ColumnType(settings)), type, settings, false, null, false, false);
        _withPoint = ValueReader.For(column, new ColumnFormat(DateOrder.DayFirst, (byte)'.', zone));
        _withComma = ValueReader.For(column, new ColumnFormat(DateOrder.DayFirst, (byte)',', zone));
    }

    private bool IsText => _field.Field.Type is TextField and not (EmailField or PhoneField or UrlField);

    public Converted Convert(string text)
    {
        if (_field.LinksTo is { } table)
            return Link(table, text);
        if (_field.IsChoice)
            return Choose(text);
        if (!IsText)
            return Read(text);
        var clean = SourceRecords.Clean(text);
        return clean == text ? new(text, Passage.Same) : new(clean, Passage.Aside, AsideReason.BadCharacter);
    }

    private Converted Link(long table, string text)
    {
        var isByCustomId = _survey.IsByCustomId(_field.Source.Id);
        var found = isByCustomId ? _numbers.FindByCustomId(table, text) : _numbers.FindById(table, text);
        // A record of Choix that is there twice is one.
        return found is null ? new(null, Passage.Aside, AsideReason.UnknownLink) : new(RecordNumbers.IdOf(_choices.KeptAs(found.Value) ?? found.Value).ToString(), Passage.Followed);
    }

    private Converted Choose(string text)
    {
        var row = _choices.Find(text, _field.Category, _survey.IsByCustomId(_field.Source.Id));
        return row is null ? new(null, Passage.Aside, AsideReason.UnknownChoice) : new(row.Value, row.Value == text ? Passage.Same : Passage.Followed);
    }

    private Converted Read(string text)
    {
        var reader = text.Contains(',', StringComparison.Ordinal) ? _withComma! : _withPoint!;
        _copy.Clear();
        if (!reader.TryRead(new Cell(CellKind.Text, Encoding.UTF8.GetBytes(text)), _copy))
            return new(null, Passage.Aside, AsideReason.NotAValue);
        var value = Encoding.UTF8.GetString(_copy.Span);
        var judged = Judge(value);
        return judged is { Reason: null, Value: { } right } ? new(right, right == text ? Passage.Same : Passage.Rewritten) : judged;
    }

    /// <summary>What the reader leaves to PostgreSQL to refuse, which would end the whole import.</summary>
    private Converted Judge(string value) => _field.Field.Type switch
    {
        DecimalField => JudgeNumber(value),
        DateField when value.Length != 10 => new(null, Passage.Aside, AsideReason.NotAValue),
        DateTimeField when value is not [_, _, _, _, '-', ..] => new(null, Passage.Aside, AsideReason.NotAValue),
        EmailField or PhoneField or UrlField when value.Contains('\\', StringComparison.Ordinal) => new(null, Passage.Aside, AsideReason.NotAValue),
        _ => new(value, Passage.Rewritten),
    };

    private Converted JudgeNumber(string value)
    {
        if (value.Length > MostDigits || !decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return new(null, Passage.Aside, AsideReason.NotAValue);
        if (_field.Field.Settings.Precision is not { } precision)
            return new(value, Passage.Rewritten);
        var scale = _field.Field.Settings.Scale ?? 0;
        var rounded = Math.Round(number, scale, MidpointRounding.AwayFromZero);
        if (Math.Abs(rounded) >= (decimal)Math.Pow(10, precision - scale))
            return new(null, Passage.Aside, AsideReason.NotAValue);
        return rounded == number ? new(value, Passage.Rewritten) : new(rounded.ToString(CultureInfo.InvariantCulture), Passage.Aside, AsideReason.Rounded);
    }
}
