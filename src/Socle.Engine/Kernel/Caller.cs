namespace Socle.Kernel;

/// <summary>Who asks. Until accounts exist a caller is only the language in which to answer.</summary>
public sealed record Caller(Language Language)
{
    public static Caller English { get; } = new(Language.English);

    public static Caller French { get; } = new(Language.French);
}
