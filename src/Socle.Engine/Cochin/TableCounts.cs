namespace Socle.Cochin;

/// <summary>What became of a table's records and values. Every value of the file is counted once.</summary>
public sealed class TableCounts
{
    /// <summary>Records in the file.</summary>
    public long Records { get; set; }

    /// <summary>Records in Socle, counted there.</summary>
    public long Written { get; set; }

    /// <summary>Rows of Choix that were there already.</summary>
    public long Merged { get; set; }

    /// <summary>Kept aside as a whole.</summary>
    public long Refused { get; set; }

    /// <summary>Values in the file.</summary>
    public long Values { get; set; }

    /// <summary>The same letter by letter.</summary>
    public long Same { get; set; }

    /// <summary>The same value in another writing.</summary>
    public long Rewritten { get; set; }

    /// <summary>Links and choices, followed to their record.</summary>
    public long Followed { get; set; }

    /// <summary>Empty texts: nothing in Socle.</summary>
    public long Empty { get; set; }

    /// <summary>The same value of the same field once more, or a merged record's.</summary>
    public long Repeated { get; set; }

    /// <summary>Kept aside, alone or besides.</summary>
    public long Aside { get; set; }

    /// <summary>Read back from Socle and not what the file says. None, or the import is taken back.</summary>
    public long Different { get; set; }

    internal void Count(Passage passage)
    {
        switch (passage)
        {
            case Passage.Same:
                Same++;
                break;
            case Passage.Rewritten:
                Rewritten++;
                break;
            case Passage.Followed:
                Followed++;
                break;
            default:
                Aside++;
                break;
        }
    }
}
