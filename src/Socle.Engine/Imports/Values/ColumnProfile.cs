using System.Text;
using Socle.Imports.Reading;

namespace Socle.Imports.Values;

/// <summary>
/// Gathers from all cells of a column what type of field would take each of them. What looks like a number but is a name (a SIRET, a postal
/// code, a telephone number) stays text, because its leading zeros matter.
/// </summary>
internal sealed class ColumnProfile(string header)
{
    private const int LongText = 300;
    private const int LongNumber = 9;

    private static readonly string[] NamedNumbers = ["siret", "siren", "codepostal", "cp", "postalcode", "zip", "zipcode", "insee", "codeinsee", "iban", "bic", "telephone", "tel", "mobile", "portable", "phone", "fax", "numero", "reference", "ref", "code"];

    private readonly ColumnEvidence _evidence = new();
    private bool _canBeBoolean = true;
    private bool _canBeDate = true;
    private bool _canBeMoment = true;
    private bool _canBeNumber = true;
    private bool _canBeDecimal = true;
    private bool _canBeUuid = true;
    private bool _canBeEmail = true;
    private bool _canBePhone = true;
    private bool _canBeUrl = true;
    private bool _canBeJson = true;
    private bool _hasLeadingZero;
    private bool _isLong;
    private int? _numberLength;
    private bool _hasLengths;

    public ColumnEvidence Evidence => _evidence;

    /// <summary>No cell was empty.</summary>
    public bool IsFull { get; private set; } = true;

    public bool HasValues { get; private set; }

    public void Add(Cell cell)
    {
        if (cell.Kind is CellKind.Empty or CellKind.EmptyText || (cell.Kind == CellKind.Text && Blanks.Trim(cell.Text).IsEmpty))
        {
            IsFull = false;
            return;
        }

        HasValues = true;
        if (cell.Kind != CellKind.Text)
        {
            AddTyped(cell);
            return;
        }

        _evidence.AddDate(cell);
        _evidence.AddNumber(cell);
        var text = Blanks.Trim(cell.Text);
        _isLong |= text.Length > LongText || text.Contains((byte)'\n');
        _canBeBoolean = _canBeBoolean && BooleanValue.IsWord(text);
        AddDate(text);
        AddNumber(text);
        _canBeUuid = _canBeUuid && text.Length == 36 && System.Buffers.Text.Utf8Parser.TryParse(text, out Guid _, out var used) && used == 36;
        _canBeEmail = _canBeEmail && text.Length < 255 && IsEmail(text);
        _canBePhone = _canBePhone && IsPhone(text);
        _canBeUrl = _canBeUrl && (text.StartsWith("https://"u8) || text.StartsWith("http://"u8)) && !text.Contains((byte)' ');
        _canBeJson = _canBeJson && text[0] is (byte)'{' or (byte)'[';
    }

    /// <summary>The name of the type, as blueprints have it.</summary>
    public string Propose() => this switch
    {
        { HasValues: false } => "text",
        { _canBeBoolean: true } => "boolean",
        { _canBeDate: true, Evidence.IsContradictory: false } => "date",
        { _canBeMoment: true, Evidence.IsContradictory: false } => "date_time",
        { _canBeUuid: true } => "uuid",
        { _canBePhone: true, _hasLeadingZero: true } or { _canBePhone: true, _canBeDecimal: false } => "phone",
        { _canBeNumber: true } when !IsName => "number",
        { _canBeDecimal: true } when !IsName => "decimal",
        { _canBeEmail: true } => "email",
        { _canBeUrl: true } => "url",
        { _canBeJson: true } => "json",
        { _isLong: true } => "long_text",
        _ => "text",
    };

    /// <summary>Digits that nobody counts with: leading zeros, a name that says so, or many digits and always as many.</summary>
    private bool IsName => _hasLeadingZero || NamedNumbers.Contains(Folding.Fold(header)) || (_numberLength >= LongNumber && !_hasLengths);

    private void AddTyped(Cell cell)
    {
        _canBeUuid = _canBeEmail = _canBePhone = _canBeUrl = false;
        _canBeBoolean &= cell.Kind == CellKind.Boolean;
        _canBeJson &= cell.Kind == CellKind.Json;
        _canBeDate &= cell.Kind == CellKind.Date && DateText.TryRead(cell.Text, DateOrder.DayFirst, out var day) && !day.HasTime;
        _canBeMoment &= cell.Kind == CellKind.Date && DateText.TryRead(cell.Text, DateOrder.DayFirst, out _);
        var isWhole = cell.Kind == CellKind.Number && cell.Text.Length < 19 && cell.Text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;
        _canBeNumber &= isWhole;
        _canBeDecimal &= cell.Kind is CellKind.Number or CellKind.Percent;
        if (isWhole)
            AddDigits(cell.Text);
    }

    private void AddDate(ReadOnlySpan<byte> text)
    {
        if (!_canBeMoment)
            return;
        var isDate = DateText.TryRead(text, DateOrder.DayFirst, out var date) || DateText.TryRead(text, DateOrder.MonthFirst, out date);
        _canBeMoment = isDate;
        _canBeDate = _canBeDate && isDate && !date.HasTime;
    }

    private void AddNumber(ReadOnlySpan<byte> text)
    {
        if (!_canBeDecimal)
            return;
        Span<byte> digits = stackalloc byte[NumberText.Longest];
        if (!NumberText.TryRead(text, (byte)',', digits, out var length) && !NumberText.TryRead(text, (byte)'.', digits, out length))
        {
            _canBeDecimal = _canBeNumber = false;
            return;
        }

        var number = digits[..length];
        // 1,5E+13 is what Excel leaves of a long number.
        _canBeNumber = _canBeNumber && text.IndexOfAny((byte)',', (byte)'.') < 0 && number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 && length < 19;
        if (text.Length == length)
            AddDigits(text);
        else
            _hasLengths = true;
    }

    private void AddDigits(ReadOnlySpan<byte> digits)
    {
        _hasLeadingZero |= digits.Length > 1 && digits[0] == (byte)'0' && digits[1] is >= (byte)'0' and <= (byte)'9';
        _hasLengths |= _numberLength is { } length && length != digits.Length;
        _numberLength = digits.Length;
    }

    private static bool IsEmail(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'@') is > 0 and var at && text[(at + 1)..].IndexOf((byte)'@') < 0 && text[(at + 1)..].Contains((byte)'.') && text.IndexOfAny((byte)' ', (byte)',') < 0;

    /// <summary>French: ten digits from 0, or nine after +33; others: + and eight to fifteen.</summary>
    private static bool IsPhone(ReadOnlySpan<byte> text)
    {
        var digits = new StringBuilder();
        foreach (var c in Encoding.UTF8.GetString(text.Length > 40 ? text[..40] : text))
        {
            if (char.IsAsciiDigit(c) || (c == '+' && digits.Length == 0))
                digits.Append(c);
            else if (!" .-()\u00a0\u202f".Contains(c, StringComparison.Ordinal))
                return false;
        }

        return digits.Length > 0 && (digits[0] == '+' ? digits.Length is >= 9 and <= 16 : digits.Length == 10 && digits[0] == '0' && digits[1] != '0');
    }
}
