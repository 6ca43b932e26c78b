using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>
/// Takes the text of <c>select=</c> and gives its columns, aggregates, embeds and spreads to a
/// <see cref="ScopeDraft"/>. Refuses what is none of these, and says where.
/// </summary>
internal static class SelectReader
{
    private static readonly SelectStar Star = new();
    private static readonly QueryScope Unread = new([], [], []);

    /// <summary>In the order of <see cref="Aggregate"/>.</summary>
    public static ImmutableArray<string> AggregateNames { get; } = ["avg", "count", "max", "min", "sum"];

    /// <summary>Reads the whole text; false when it noted a fault.</summary>
    public static bool Read(ref TextCursor cursor, ScopeDraft into)
    {
        cursor.SkipBlanks();
        return cursor.AtEnd || CommaList.Read(ref cursor, into, ReadItem);
    }

    private static bool ReadItem(ref TextCursor cursor, ScopeDraft into)
    {
        if (cursor.Take('*'))
        {
            into.Add(Star);
            return true;
        }

        if (cursor.Take("..."))
            return ReadEmbed(ref cursor, into, null, null, spread: true);
        var alias = default(string);
        var quoted = cursor.Current == '"';
        var name = NameReader.Read(ref cursor, "a column, * or an embedded resource", "une colonne, * ou une ressource imbriquée");
        if (name is not null && cursor.Current == ':' && cursor.Next != ':')
        {
            cursor.Position++;
            cursor.SkipBlanks();
            if (cursor.Rest.StartsWith("...", StringComparison.Ordinal))
                return cursor.Fail("a spread (...) takes no alias.", "un étalement (...) ne prend pas d'alias.");
            (alias, quoted) = (name, cursor.Current == '"');
            name = NameReader.Read(ref cursor, "a column or an embedded resource", "une colonne ou une ressource imbriquée");
        }

        if (name is null)
            return false;
        if (cursor.Current == '(' && !quoted && name == "count")
            return ReadRowCount(ref cursor, into, alias);
        return cursor.Current is '!' or '(' ? ReadEmbed(ref cursor, into, alias, name, spread: false) : ReadField(ref cursor, into, alias, name);
    }

    private static bool ReadRowCount(ref TextCursor cursor, ScopeDraft into, string? alias)
    {
        if (!PeriodReader.TakeEmptyParentheses(ref cursor))
            return cursor.Fail(
                "count() counts the rows and column.count() the values of a column; nothing stands between the parentheses. A table named count is double-quoted.",
                "count() compte les lignes et colonne.count() les valeurs d'une colonne ; rien ne va entre les parenthèses. Une table nommée count s'écrit entre guillemets doubles.");
        if (!TypeNameReader.ReadCast(ref cursor, out var cast))
            return false;
        into.Add(new SelectField(null, alias, null, Aggregate.Count, cast));
        return true;
    }

    private static bool ReadField(ref TextCursor cursor, ScopeDraft into, string? alias, string name)
    {
        var field = NameReader.ReadPath(ref cursor, name);
        if (field is null || !TypeNameReader.ReadCast(ref cursor, out var cast))
            return false;
        var aggregate = default(Aggregate?);
        var aggregateCast = default(string);
        var period = default(Period?);
        if (cursor.Take('.'))
        {
            period = PeriodReader.Read(ref cursor);
            if (period is null && !(ReadAggregate(ref cursor, out aggregate) && TypeNameReader.ReadCast(ref cursor, out aggregateCast)))
                return false;
        }

        into.Add(new SelectField(field, alias, cast, aggregate, aggregateCast, period));
        return true;
    }

    private static bool ReadAggregate(ref TextCursor cursor, out Aggregate? aggregate)
    {
        var start = cursor.Position;
        var word = cursor.TakeSpan(cursor.Rest.IndexOfAny("(.,:)")).TrimEnd(' ').ToString();
        var index = AggregateNames.IndexOf(word);
        aggregate = index < 0 ? null : (Aggregate)index;
        if (index >= 0 && PeriodReader.TakeEmptyParentheses(ref cursor))
            return true;
        var near = Suggestion.Find(word, [.. AggregateNames, .. PeriodReader.Names]);
        return cursor.FailAt(
            start,
            $"avg(), count(), max(), min() or sum() is expected after the dot, or day(), week(), month(), quarter() or year().{(near is null ? " A name that holds a dot is double-quoted." : $" Did you mean \"{near}()\"?")}",
            $"il faut avg(), count(), max(), min() ou sum() après le point, ou day(), week(), month(), quarter() ou year().{(near is null ? " Un nom qui contient un point s'écrit entre guillemets doubles." : $" Vouliez-vous dire « {near}() » ?")}");
    }

    /// <summary>Reads <c>!hint!inner(…)</c> behind the name of an embed or, for a spread, the name too.</summary>
    private static bool ReadEmbed(ref TextCursor cursor, ScopeDraft into, string? alias, string? name, bool spread)
    {
        name ??= NameReader.Read(ref cursor, "a resource to spread", "une ressource à étaler");
        if (name is null || !ReadHints(ref cursor, out var hint, out var join))
            return false;
        if (!cursor.Take('('))
            return cursor.Expected("an opening parenthesis", "une parenthèse ouvrante");
        var scope = new ScopeDraft();
        into.AddEmbed(new SelectEmbed(name, Unread, alias, hint, join ?? EmbedJoin.Left, spread), scope);
        cursor.SkipBlanks();
        return cursor.Take(')') || CommaList.ReadBracketed(ref cursor, scope, ReadItem);
    }

    private static bool ReadHints(ref TextCursor cursor, out string? hint, out EmbedJoin? join)
    {
        (hint, join) = (null, null);
        while (cursor.Take('!'))
        {
            cursor.SkipBlanks();
            var start = cursor.Position;
            var quoted = cursor.Current == '"';
            var word = NameReader.Read(ref cursor, "inner, left, a foreign key or a junction table", "inner, left, une clé étrangère ou une table de jonction");
            if (word is null)
                return false;
            var isJoin = !quoted && word is "inner" or "left";
            if (isJoin ? join is not null : hint is not null)
                return cursor.FailAt(start, "an embedded resource takes one hint and one of !inner and !left.", "une ressource imbriquée accepte une seule précision, et soit !inner soit !left.");
            if (isJoin)
                join = word == "inner" ? EmbedJoin.Inner : EmbedJoin.Left;
            else
                hint = word;
        }

        return true;
    }
}
