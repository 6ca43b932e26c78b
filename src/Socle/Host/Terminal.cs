using System.Globalization;
using Socle.Kernel;

namespace Socle.Host;

/// <summary>Speaks to the person at the terminal, on standard error, in the language of the environment (LC_ALL, LC_MESSAGES, LANG).</summary>
internal static class Terminal
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    public static Language Language { get; } = FindLanguage();

    /// <summary>Who is at it, as the audit names them.</summary>
    public static string Actor => $"terminal:{Environment.UserName}";

    public static void WriteLine(string line) => Console.Error.WriteLine(line);

    public static void Write(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
        {
            var line = fault.Line is { } number ? string.Create(CultureInfo.InvariantCulture, $"{(Language == Language.French ? "ligne" : "line")} {number}: ") : "";
            Console.Error.WriteLine($"socle: {line}{fault.Message.In(Language)}");
        }
    }

    private static Language FindLanguage()
    {
        var locale = LocaleVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return locale?.StartsWith("fr", StringComparison.OrdinalIgnoreCase) == true ? Language.French : Language.English;
    }
}
