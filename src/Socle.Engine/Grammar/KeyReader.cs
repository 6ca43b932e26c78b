using System.Collections.Immutable;

namespace Socle.Grammar;

/// <summary>
/// Takes the id of a record whose key has several columns: their values parted by commas, a value that holds
/// a comma in double quotes (<c>"a,b",c</c>). Anything is an id; whether there is such a record is judged later.
/// </summary>
internal static class KeyReader
{
    public static ImmutableArray<string> Read(string id)
    {
        var cursor = new TextCursor(id, "id", new Reading());
        var values = ImmutableArray.CreateBuilder<string>();
        do
        {
            var start = cursor.Position;
            var value = cursor.TakeQuoted();
            if (value is null || !(cursor.AtEnd || cursor.Current == ','))
            {
                cursor.Position = start;
                value = cursor.TakeSpan(cursor.Rest.IndexOf(',')).ToString();
            }

            values.Add(value);
        }
        while (cursor.Take(','));

        return values.DrainToImmutable();
    }
}
