namespace Socle.Http;

/// <summary>The program's version, as its answers tell it.</summary>
public static class ServerVersion
{
    public static string Text { get; } = typeof(ServerVersion).Assembly.GetName().Version!.ToString(3);
}
