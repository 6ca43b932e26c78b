using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Socle.Tests.Formulas;

/// <summary>No text whatever makes SQL other than by the grammar: what is outside quotes is a word of ours, and what is inside was quoted.</summary>
public sealed partial class HostileTextTests
{
    private static readonly string[] Pieces =
    [
        "quantity", "unit_price", "name", "done", "day", "at", "spent", "\"and\"", "\"we\"\"ird\"", "1", "2.50", "'x'", "''", "'it''s'", "'\\'", "'$$; DROP TABLE x --'", "\"\"",
        "+", "-", "*", "/", "%", "=", "<>", "<=", "&", "and", "or", "not", "true", "(", ")", ",", "if(", "round(", "date(", "left(", "coalesce(", "concat(", "hours(", "year(", "max(",
        "--", "/*", "*/", ";", "$$", "\\", "\n", "\0", "é", "\ud800", "E'", "U&'", "::", "pg_sleep(", "SELECT", "\"quantity\"", "'a' 'b'",
    ];

    private static readonly string[] Allowed =
    [
        "CASE", "NULL", "IS", "tableoid", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "FROM", "true", "false", "numeric", "text", "integer", "date", "interval", "double", "precision", "E",
        "nullif", "least", "greatest", "trunc", "trim_scale", "coalesce", "lpad", "extract", "epoch", "year", "month", "day", "timezone", "round", "floor", "ceil", "abs", "upper", "lower", "btrim", "length",
    ];

    [Fact]
    public void Whatever_is_written_only_words_of_the_grammar_come_out()
    {
        var texts = Gen.OneOf(Gen.Elements(Pieces).ArrayOf().Select(pieces => string.Join(' ', pieces)), Gen.Elements(Pieces).ArrayOf().Select(string.Concat), ArbMap.Default.GeneratorFor<string>());
        Prop.ForAll(texts.ToArbitrary(), text => Check(text ?? "")).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Theory]
    [InlineData("'\\' & name")]
    [InlineData("concat('\\', ') || pg_sleep(10) --')")]
    [InlineData("'''' & '; DROP TABLE things; --'")]
    public void Texts_stay_texts(string formula) => Check(formula);

    private static void Check(string formula)
    {
        var compiled = Words.Compile(formula);
        if (compiled.IsFault)
            return;
        var bare = Quoted().Replace(compiled.Value.Sql, match =>
        {
            if (match.Value[0] == '"')
                Assert.True(Words.Fields.Values.Any(input => input.Sql.StartsWith(match.Value, StringComparison.Ordinal)) || match.Value is "\"left\"" or "\"right\"", compiled.Value.Sql);
            return "";
        });
        Assert.DoesNotContain("--", bare, StringComparison.Ordinal);
        Assert.DoesNotContain("/*", bare, StringComparison.Ordinal);
        Assert.All(Word().Matches(bare), word => Assert.Contains(word.Value, Allowed));
        Assert.True(!Other().IsMatch(bare), $"{formula} gives {compiled.Value.Sql}");
        Assert.Equal(bare.Count(c => c == '('), bare.Count(c => c == ')'));
    }

    [GeneratedRegex("""(?<escaped> E'(?:[^'\\]|''|\\.)*')|'(?:[^'\\]|'')*'|"(?:[^"]|"")*" """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("[A-Za-z_]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"[^A-Za-z_0-9.,()<>=+*/%|: -]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Other();
}
