using Socle.Kernel;

namespace Socle.Doctor;

/// <summary>Something that somebody should mend, with what to do.</summary>
/// <param name="IsError">The server does not start with it. Anything else is allowed, and rarely meant.</param>
/// <param name="Message">For whoever runs the server.</param>
public sealed record Finding(bool IsError, Text Message)
{
    public static Finding Error(Fault fault) => new(IsError: true, fault.Message);

    public static Finding Warning(string english, string french) => new(IsError: false, new Text(english, french));
}
