namespace Socle.Grammar;

/// <summary>The operators of the dialect, by what they ask.</summary>
public enum Operator
{
    Equal,
    NotEqual,
    GreaterThan,
    GreaterOrEqual,
    LessThan,
    LessOrEqual,
    Like,
    ILike,
    Match,
    IMatch,
    In,
    Is,
    IsDistinct,
    FullText,
    PlainText,
    PhraseText,
    WebText,
    Contains,
    ContainedIn,
    Overlaps,
    StrictlyLeft,
    StrictlyRight,
    NotExtendRight,
    NotExtendLeft,
    Adjacent,
}
