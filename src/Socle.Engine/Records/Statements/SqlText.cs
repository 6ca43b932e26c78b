using System.Globalization;
using System.Text;
using Socle.Postgres;

namespace Socle.Records.Statements;

/// <summary>A statement while it is written. Only quoted names, constants and keywords get into its text; values become parameters.</summary>
/// <param name="payload">What stands in front of the other parameters.</param>
/// <param name="isInline">Whether values become constants instead, for text that PostgreSQL keeps.</param>
internal sealed class SqlText(byte[]? payload = null, bool isInline = false)
{
    private readonly StringBuilder _sql = new(1024);
    private readonly List<string> _texts = [];

    public SqlText Add(string sql)
    {
        _sql.Append(sql);
        return this;
    }

    public SqlText Add(char sql)
    {
        _sql.Append(sql);
        return this;
    }

    public SqlText Add(long number)
    {
        _sql.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    public SqlText Name(string name)
    {
        _sql.Append(Sql.Identifier(name));
        return this;
    }

    public SqlText Parameter(string text)
    {
        if (isInline)
            return Add(Sql.Literal(text));
        _texts.Add(text);
        return Add('$').Add(_texts.Count + (payload is null ? 0 : 1));
    }

    public override string ToString() => _sql.ToString();

    public Statement ToStatement() => new(_sql.ToString(), payload, _texts);
}
