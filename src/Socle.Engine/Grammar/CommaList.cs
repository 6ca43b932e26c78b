namespace Socle.Grammar;

/// <summary>Reads one item into what collects them; false when it noted a fault.</summary>
internal delegate bool ItemReader<in T>(ref TextCursor cursor, T into);

/// <summary>
/// Takes items parted by commas, to the end of the text or to a closing parenthesis. A faulty item is
/// noted and skipped, so that the faults of the items after it are found too.
/// </summary>
internal static class CommaList
{
    /// <summary>Reads to the end of the text; false when an item was faulty.</summary>
    public static bool Read<T>(ref TextCursor cursor, T into, ItemReader<T> readItem) => ReadItems(ref cursor, into, bracketed: false, readItem);

    /// <summary>Reads what follows an opening parenthesis, and the closing one; false when an item was faulty.</summary>
    public static bool ReadBracketed<T>(ref TextCursor cursor, T into, ItemReader<T> readItem)
    {
        if (!cursor.Descend())
            return false;
        var sound = ReadItems(ref cursor, into, bracketed: true, readItem);
        cursor.Ascend();
        // The end of the text without a closing parenthesis is a fault that the last item has noted.
        return cursor.Take(')') && sound;
    }

    private static bool ReadItems<T>(ref TextCursor cursor, T into, bool bracketed, ItemReader<T> readItem)
    {
        var sound = true;
        do
        {
            cursor.SkipBlanks();
            var start = cursor.Position;
            if (cursor.Reading.IsHopeless || !cursor.Reading.CountItem(cursor.Key))
            {
                cursor.TakeSpan(-1);
                return false;
            }

            if (readItem(ref cursor, into) && EndsItem(ref cursor, bracketed))
                continue;
            sound = false;
            cursor.Position = start;
            cursor.SkipItem(bracketed);
        }
        while (cursor.Take(','));

        return sound;
    }

    private static bool EndsItem(ref TextCursor cursor, bool bracketed)
    {
        cursor.SkipBlanks();
        if (bracketed)
            return cursor.Current is ',' or ')' || cursor.Expected("a comma or a closing parenthesis", "une virgule ou une parenthèse fermante");
        return cursor.AtEnd || cursor.Current == ',' || cursor.Expected("a comma or the end", "une virgule ou la fin");
    }
}
