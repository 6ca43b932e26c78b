namespace Socle.Records.Statements;

/// <summary>One SQL text and its parameters. The same plan gives the same text, so that PostgreSQL prepares it once.</summary>
/// <param name="Payload">$1 where the statement writes: the records as JSON.</param>
/// <param name="Texts">The other parameters, in PostgreSQL's text form; it infers their types from where they stand.</param>
public sealed record Statement(string Sql, byte[]? Payload, IReadOnlyList<string> Texts)
{
    /// <summary>Whether it changes records, and so must not run twice.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Whether it tells policies itself who asks, so that nothing in front of it need.</summary>
    public bool TellsWho { get; init; }
}
