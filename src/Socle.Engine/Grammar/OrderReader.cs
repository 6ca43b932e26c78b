using System.Buffers;
using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>Takes the terms of <c>order=</c>: <c>a.desc.nullslast</c>, <c>data->>k</c>, <c>created_at.month()</c>, <c>relation(column).asc</c>.</summary>
internal static class OrderReader
{
    private static readonly ImmutableArray<string> Words = ["desc", "asc", "nullsfirst", "nullslast"];

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(".,) \t\n\r");

    /// <summary>Reads the whole text; null when it noted a fault.</summary>
    public static ImmutableArray<OrderTerm>? Read(ref TextCursor cursor)
    {
        cursor.SkipBlanks();
        if (cursor.AtEnd)
            return [];
        var terms = ImmutableArray.CreateBuilder<OrderTerm>();
        return CommaList.Read(ref cursor, terms, ReadTerm) ? terms.DrainToImmutable() : null;
    }

    private static bool ReadTerm(ref TextCursor cursor, ImmutableArray<OrderTerm>.Builder into)
    {
        var name = NameReader.Read(ref cursor, "a column", "une colonne");
        if (name is null)
            return false;
        var relation = default(string);
        FieldPath? field;
        if (cursor.Take('('))
        {
            relation = name;
            field = NameReader.ReadField(ref cursor);
            if (field is not null && !cursor.Take(')'))
                return cursor.Expected("a closing parenthesis", "une parenthèse fermante");
        }
        else
        {
            field = NameReader.ReadPath(ref cursor, name);
        }

        var period = relation is null && field is not null ? ReadPeriod(ref cursor) : null;
        if (field is null || !ReadDirection(ref cursor, out var descending, out var nullsFirst))
            return false;
        into.Add(new OrderTerm(field, descending, nullsFirst, relation, period));
        return true;
    }

    private static Period? ReadPeriod(ref TextCursor cursor)
    {
        var start = cursor.Position;
        var period = cursor.Take('.') ? PeriodReader.Read(ref cursor) : null;
        if (period is null)
            cursor.Position = start;
        return period;
    }

    private static bool ReadDirection(ref TextCursor cursor, out bool descending, out bool? nullsFirst)
    {
        descending = false;
        nullsFirst = null;
        var directed = false;
        while (nullsFirst is null && cursor.Take('.'))
        {
            var start = cursor.Position;
            var word = cursor.TakeSpan(cursor.Rest.IndexOfAny(WordEnds));
            if (word is "nullsfirst" or "nullslast")
                nullsFirst = word is "nullsfirst";
            else if (!directed && word is "asc" or "desc")
                (directed, descending) = (true, word is "desc");
            else
                return NoteUnknown(cursor, start, TextCursor.Clip(word, 30), directed);
        }

        return true;
    }

    private static bool NoteUnknown(TextCursor cursor, int start, string word, bool directed)
    {
        var expected = directed ? "nullsfirst, nullslast" : "asc, desc, nullsfirst, nullslast";
        var near = Suggestion.Find(word, directed ? Words.AsSpan()[2..].ToArray() : Words);
        return cursor.FailAt(
            start,
            $"one of {expected} is expected here, not \"{word}\".{(near is null ? " A column whose name holds a dot is double-quoted." : $" Did you mean \"{near}\"?")}",
            $"il faut ici l'un de {expected}, et non « {word} ».{(near is null ? " Une colonne dont le nom contient un point s'écrit entre guillemets doubles." : $" Vouliez-vous dire « {near} » ?")}");
    }
}
