using System.CommandLine;
using System.Text;
using Socle.Host;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary>Asks at the terminal for a new password, twice and without showing it; or reads it from standard input, for scripts. Never from an argument, which others see.</summary>
internal static class PasswordPrompt
{
    public static Option<bool> Option() => new("--password-stdin") { Description = "Read the password from standard input" };

    public static Result<string> Read(bool fromInput)
    {
        if (fromInput)
            return Console.In.ReadToEnd().TrimEnd('\r', '\n');
        if (Console.IsInputRedirected)
        {
            return new Fault(
                FaultCode.InvalidConfiguration,
                "There is no terminal to ask for the password at. Use --password-stdin.",
                "Il n'y a pas de terminal où demander le mot de passe. Utilisez --password-stdin.");
        }

        var password = Ask(new Text("Password: ", "Mot de passe : "));
        return password == Ask(new Text("The same again: ", "Le même encore : ")) ? password : new Fault(
            FaultCode.InvalidValue,
            "The two are not the same. Nothing was changed.",
            "Les deux diffèrent. Rien n'a été modifié.");
    }

    private static string Ask(Text question)
    {
        Console.Error.Write(question.In(Terminal.Language));
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
